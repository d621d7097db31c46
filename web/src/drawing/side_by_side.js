/**
 * Tells digits that are written side by side from one digit of several strokes: the twin of
 * `train/drawing/side_by_side.py`, which says where its numbers come from. By the golden drawings in
 * `tests/golden/` the two agree. It uses no DOM, so that Node can run it.
 */
import { boundsOfParts, partsOf, withoutSpecks } from "./parts.js";

/** @import { Drawing } from "../types" */
/** @import { Bounds, Part } from "./parts.js" */

// One stands above another if they have few rows in common and many columns: fractions of the lower's and the
// narrower's.
const FEW_ROWS = 0.5;
const MANY_COLUMNS = 0.35;
/** Of the tallest: what is lower belongs to its neighbour, unless it is this high and stands clear of all else. */
const LOWEST = 0.55;
const LOWEST_CLEAR = 0.35;
const CLEAR = 0.15;
/** Of the digit with the most ink. */
const LEAST_INK = 0.15;
/** Of the tallest's height, at least, between two digits, in every row that both have ink in. */
const GAP = 0.05;
/** Of the tallest's height, at least, between two rows. */
const ROW_GAP = 0.08;

/**
 * Parts of one digit.
 *
 * @typedef {object} Ink
 * @property {Part[]} parts
 * @property {number[]} lefts Its first column in each row; without an entry where it has none.
 * @property {number[]} rights Its last column in each row, likewise.
 * @property {number} amount The sum of its ink.
 * @typedef {Ink & Bounds} Digit
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
  return digitsOf(partsOf(drawing), drawing).map((parts) => {
    const own = new Uint8Array(ink.length);
    for (const { pixels } of parts) for (const pixel of pixels) own[pixel] = ink[pixel];
    return own;
  });
}

/**
 * @param {Part[]} parts Of a drawing.
 * @param {Drawing} drawing
 * @returns {Part[][]} Those of each digit, from left to right.
 */
export function digitsOf(parts, drawing) {
  const tall = standing(united(inksOf(parts, drawing), aboveEachOther, drawing));
  const least = GAP * tallestOf(tall);
  const digits = united(tall, (a, b) => columnsBetween(a, b) < least, drawing);
  const most = Math.max(...digits.map(({ amount }) => amount));
  const inked = digits.filter(({ amount }) => amount >= LEAST_INK * most);
  if (inked.length < 2) return [parts];
  inked.sort((a, b) => a.left + a.right - b.left - b.right);
  const owners = parts.map((part) => ownerOf(part, inked));
  return inked.map((digit) => parts.filter((_, i) => owners[i] === digit));
}

/**
 * @param {Part[]} parts Of a drawing.
 * @param {Drawing} drawing
 * @returns {number} In how many rows digits stand. What is much lower than the rest, or nearly touches it, makes none.
 */
export function countRows(parts, drawing) {
  const inks = inksOf(parts, drawing);
  const least = ROW_GAP * tallestOf(inks);
  return tallOf(united(inks, (a, b) => rowsBetween(a, b) < least, drawing)).length || 1;
}

/** @param {Part[]} parts @param {Drawing} drawing @returns {Digit[]} Each part that is no speck; none if there is but one. */
function inksOf(parts, drawing) {
  const large = withoutSpecks(parts);
  return large.length < 2 ? [] : large.map((part) => inkOf([part], drawing));
}

/** @param {Part[]} parts @param {Drawing} drawing @returns {Digit} */
function inkOf(parts, { data, columns }) {
  /** @type {number[][]} */
  const [lefts, rights] = [[], []];
  let amount = 0;
  for (const { pixels } of parts) {
    for (const pixel of pixels) {
      const y = Math.floor(pixel / columns);
      const x = pixel % columns;
      lefts[y] = Math.min(lefts[y] ?? x, x);
      rights[y] = Math.max(rights[y] ?? x, x);
      amount += data[pixel];
    }
  }
  return { parts, lefts, rights, amount, ...boundsOfParts(parts) };
}

/** @param {Digit[]} inks */
function tallestOf(inks) {
  return Math.max(...inks.map(({ height }) => height));
}

/** @param {Digit[]} inks @returns Those as tall as digits are beside each other, or lower and clear of all others. */
function standing(inks) {
  const tallest = tallestOf(inks);
  const isClear = (/** @type {Digit} */ ink) =>
    inks.every((other) => other === ink || columnsApart(ink, other) >= CLEAR * tallest);
  return inks.filter(
    (ink) => ink.height >= LOWEST * tallest || (ink.height >= LOWEST_CLEAR * tallest && isClear(ink)),
  );
}

/** @param {Digit} a @param {Digit} b @returns Columns without ink; below zero if they have some in common. */
function columnsApart(a, b) {
  return Math.max(a.left, b.left) - Math.min(a.right, b.right) - 1;
}

/** @param {Digit[]} inks @returns Those that aren't much lower than the rest. */
function tallOf(inks) {
  return inks.filter(({ height }) => height >= LOWEST * tallestOf(inks));
}

/**
 * @param {Digit[]} inks
 * @param {(a: Digit, b: Digit) => boolean} belongTogether
 * @param {Drawing} drawing
 * @returns The inks, of which those that belong together, directly or by others, have become one.
 */
function united(inks, belongTogether, drawing) {
  /** @type {Digit[][]} */
  let groups = [];
  for (const ink of inks) {
    const own = groups.filter((group) => group.some((other) => belongTogether(ink, other)));
    groups = [...groups.filter((group) => !own.includes(group)), [ink, ...own.flat()]];
  }
  return groups.map((group) =>
    group.length < 2
      ? group[0]
      : inkOf(
          group.flatMap(({ parts }) => parts),
          drawing,
        ),
  );
}

/** @param {Digit} a @param {Digit} b */
function aboveEachOther(a, b) {
  const columns = Math.min(a.right, b.right) - Math.max(a.left, b.left) + 1;
  const narrower = Math.min(a.right - a.left, b.right - b.left) + 1;
  const lower = Math.min(a.height, b.height);
  return rowsOfBoth(a, b).length < FEW_ROWS * lower && columns >= MANY_COLUMNS * narrower;
}

/** @param {Digit} a @param {Digit} b @returns Rows without ink; below zero if they have some in common. */
function rowsBetween(a, b) {
  return Math.max(a.top, b.top) - Math.min(a.bottom, b.bottom) - 1;
}

/** @param {Digit} a @param {Digit} b @returns Columns between them where they are closest in a row; < 0 if neither is left. */
function columnsBetween(a, b) {
  const both = rowsOfBoth(a, b);
  const after = Math.min(...both.map((y) => b.lefts[y] - a.rights[y]));
  const before = Math.min(...both.map((y) => a.lefts[y] - b.rights[y]));
  return Math.max(after, before) - 1;
}

/** @param {Digit} a @param {Digit} b */
function rowsOfBoth(a, b) {
  return [...a.lefts.keys()].filter((y) => y in a.lefts && y in b.lefts);
}

/** @param {Part} part @param {Digit[]} digits @returns The digit that it is of, else that with the most columns in common. */
function ownerOf(part, digits) {
  const apart = (/** @type {Digit} */ { left, right }) =>
    Math.max(part.left, left) - Math.min(part.right, right);
  const own = digits.find(({ parts }) => parts.includes(part));
  return own ?? digits.reduce((a, b) => (apart(b) < apart(a) ? b : a));
}
