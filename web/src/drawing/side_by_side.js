/**
 * Tells digits that are written side by side from one digit of several strokes: the twin of
 * `train/drawing/side_by_side.py`, which says where its numbers come from. By the golden rows of digits in
 * `tests/golden/` the two agree. It uses no DOM, so that Node can run it.
 */
import { leastSide, partsOf } from "./parts.js";

/** @import { Drawing } from "../types" */
/** @import { Part } from "./parts.js" */

// One stands above another if they have few rows in common and many columns: fractions of the lower's and the
// narrower's.
const FEW_ROWS = 0.5;
const MANY_COLUMNS = 0.35;
/** Of the tallest: what is lower belongs to its neighbour. */
const LOWEST = 0.55;
/** Of the digit with the most ink. */
const LEAST_INK = 0.15;
/** Of the tallest's height, at least, between two digits, in every row that both have ink in. */
const GAP = 0.05;

/**
 * Connected parts of the ink that belong to one digit.
 *
 * @typedef {object} Ink
 * @property {Part[]} parts
 * @property {Int32Array} lefts First column of ink in each row; the drawing's width where a row has none.
 * @property {Int32Array} rights Last column of ink in each row; -1 where a row has none.
 * @property {number} left
 * @property {number} right
 * @property {number} height
 * @property {number} amount The sum of the ink.
 */

/**
 * The ink of each digit, from left to right; of one digit, all of it.
 *
 * @param {Drawing["data"]} ink Row by row: 0 is bare paper, 0xff is full ink.
 * @param {number} rows
 * @param {number} columns
 * @returns {Drawing["data"][]} Each of the same size, with a part of the ink.
 */
export function sideBySide(ink, rows, columns) {
  const drawing = { data: ink, rows, columns };
  const parts = partsOf(drawing);
  const digits = digitsOf(parts, drawing);
  if (digits.length < 2) return [ink];
  const owned = digits.map(() => new Uint8Array(ink.length));
  for (const part of parts) {
    const owner = digits.findIndex((digit) => digit.parts.includes(part));
    const own = owned[owner < 0 ? nearest(part, digits) : owner];
    for (const pixel of part.pixels) own[pixel] = ink[pixel];
  }
  return owned;
}

/**
 * @param {Drawing["data"]} ink
 * @param {number} rows
 * @param {number} columns
 * @returns In how many rows the digits stand; one where one part is much lower than another, such as the hat of a 5.
 */
export function countRows(ink, rows, columns) {
  const turned = new Uint8Array(ink.length);
  for (let i = 0; i < ink.length; i++) turned[(i % columns) * rows + Math.floor(i / columns)] = ink[i];
  const drawing = { data: turned, rows: columns, columns: rows };
  const heights = digitsOf(partsOf(drawing), drawing).map(({ left, right }) => right - left + 1);
  return heights.length > 1 && Math.min(...heights) >= LOWEST * Math.max(...heights) ? heights.length : 1;
}

/**
 * @param {Part[]} parts
 * @param {Drawing} drawing
 * @returns {Ink[]} What stands side by side, from left to right, without specks; nothing where there are no two parts.
 */
function digitsOf(parts, drawing) {
  const least = leastSide(parts);
  const large = parts.filter(({ side }) => side >= least);
  if (large.length < 2) return [];
  const inks = large.map((part) => inkOf([part], drawing));
  const pieces = united(inks, aboveEachOther, drawing);
  const tallest = Math.max(...pieces.map(({ height }) => height));
  const tall = pieces.filter(({ height }) => height >= LOWEST * tallest);
  const digits = united(tall, (a, b) => paperBetween(a, b) < GAP * tallest, drawing);
  const most = Math.max(...digits.map(({ amount }) => amount));
  const inked = digits.filter(({ amount }) => amount >= LEAST_INK * most);
  return inked.sort((a, b) => a.left + a.right - b.left - b.right);
}

/** @param {Part[]} parts @param {Drawing} drawing @returns {Ink} */
function inkOf(parts, { data, rows, columns }) {
  const lefts = new Int32Array(rows).fill(columns);
  const rights = new Int32Array(rows).fill(-1);
  let amount = 0;
  for (const { pixels } of parts) {
    for (const pixel of pixels) {
      const y = Math.floor(pixel / columns);
      const x = pixel % columns;
      lefts[y] = Math.min(lefts[y], x);
      rights[y] = Math.max(rights[y], x);
      amount += data[pixel];
    }
  }
  const inked = [...rights.keys()].filter((y) => rights[y] >= 0);
  const height = inked[inked.length - 1] - inked[0] + 1;
  return { parts, lefts, rights, left: Math.min(...lefts), right: Math.max(...rights), height, amount };
}

/**
 * @param {Ink[]} parts
 * @param {(a: Ink, b: Ink) => boolean} belongTogether
 * @param {Drawing} drawing
 * @returns {Ink[]} The parts, of which those that belong together, directly or by others, have become one.
 */
function united(parts, belongTogether, drawing) {
  /** @type {Ink[][]} */
  let groups = [];
  for (const part of parts) {
    const [own, others] = [[part], /** @type {Ink[][]} */ ([])];
    for (const group of groups) {
      if (group.some((other) => belongTogether(part, other))) own.push(...group);
      else others.push(group);
    }
    groups = [...others, own];
  }
  const parted = groups.map((group) => group.flatMap((one) => one.parts));
  return parted.map((some) => inkOf(some, drawing));
}

/** @param {Ink} a @param {Ink} b */
function aboveEachOther(a, b) {
  const columns = Math.min(a.right, b.right) - Math.max(a.left, b.left) + 1;
  const narrower = Math.min(a.right - a.left, b.right - b.left) + 1;
  const lower = Math.min(a.height, b.height);
  return rowsOfBoth(a, b).length < FEW_ROWS * lower && columns >= MANY_COLUMNS * narrower;
}

/** @param {Ink} a @param {Ink} b @returns Columns between them where they are closest in a row; < 0 if neither is left. */
function paperBetween(a, b) {
  const both = rowsOfBoth(a, b);
  if (!both.length) return -1;
  const after = Math.min(...both.map((y) => b.lefts[y] - a.rights[y]));
  const before = Math.min(...both.map((y) => a.lefts[y] - b.rights[y]));
  return Math.max(after, before) - 1;
}

/** @param {Ink} a @param {Ink} b */
function rowsOfBoth(a, b) {
  return [...a.rights.keys()].filter((y) => a.rights[y] >= 0 && b.rights[y] >= 0);
}

/** @param {Part} part @param {Ink[]} digits @returns Place of the digit with the most columns in common, or the nearest. */
function nearest(part, digits) {
  const apart = digits.map(({ left, right }) => Math.max(part.left, left) - Math.min(part.right, right));
  return apart.indexOf(Math.min(...apart));
}
