/** Finds what isn't written in a picture's ink: the twin of `train/drawing/ruling.py`, which says why. */
import { partsOf } from "../drawing/parts.js";
import { countOf, emptyMask, longerSide, maskOf, transposed } from "./grids.js";
import { median } from "./statistics.js";

/** @import { Part } from "../drawing/parts.js" */
/** @import { Mask } from "./grids.js" */

const FULL = 0.8;
const THICKEST = 0.05;
const FRAME = 0.08;
const SLOPES = Array.from({ length: 25 }, (_, i) => Math.tan(((i / 2 - 6) * Math.PI) / 180));
const OFF = 2;
const ROUNDS = 4;
const LEAST_WITHIN = 0.6;
const CROSSED = 1.5;
const SMALLEST = 40;

/** @param {Mask} inked @returns {Mask} Lines through the picture or along a frame, but for what is written across. */
export function ruling(inked) {
  const lines = linesOf(inked, THICKEST);
  for (const part of partsOf(maskOf(inked, (ink, i) => Boolean(ink && !lines.data[i])))) {
    const { left, top, height, width } = part;
    const mask = cutOut(part, inked.columns);
    if (Math.min(height, width) < SMALLEST || !isFrame(mask)) continue;
    linesOf(mask, FRAME).data.forEach((found, i) => {
      const pixel = (top + Math.floor(i / width)) * inked.columns + left + (i % width);
      if (found) lines.data[pixel] = 1;
    });
  }
  return lines;
}

/** @param {Mask} inked @returns {Mask} The parts that touch the border. */
export function reachingIn(inked) {
  const { rows, columns } = inked;
  const result = emptyMask(inked);
  for (const { pixels, top, left, bottom, right } of partsOf(inked)) {
    if (top > 0 && left > 0 && bottom < rows - 1 && right < columns - 1) continue;
    for (const pixel of pixels) result.data[pixel] = 1;
  }
  return result;
}

/** @param {Part} part @param {number} columns Of the picture. @returns {Mask} The part in its box. */
function cutOut({ pixels, left, top, height, width }, columns) {
  const mask = emptyMask({ rows: height, columns: width });
  for (const pixel of pixels) {
    mask.data[(Math.floor(pixel / columns) - top) * width + (pixel % columns) - left] = 1;
  }
  return mask;
}

/** @param {Mask} part @returns Whether lines run along all four sides. */
function isFrame(part) {
  return [part, transposed(part)].every((sides) => {
    const { data } = linesDown(sides, FRAME);
    const near = Math.max(2 * OFF, Math.floor(sides.rows / 6)) * sides.columns;
    return data.slice(0, near).some(Boolean) && data.slice(-near).some(Boolean);
  });
}

/** @param {Mask} inked @param {number} thickest */
function linesOf(inked, thickest) {
  const across = linesDown(inked, thickest);
  const rest = maskOf(inked, (ink, i) => Boolean(ink && !across.data[i]));
  const down = transposed(linesDown(transposed(rest), thickest));
  return maskOf(across, (line, i) => Boolean(line || down.data[i]));
}

/** @param {Mask} inked @param {number} thickest @returns {Mask} Lines from left to right, one below the other. */
function linesDown(inked, thickest) {
  const left = { ...inked, data: inked.data.slice() };
  for (let round = 0; round < ROUNDS; round++) {
    const before = countOf(left);
    const thick = thickened(left);
    const { shift, full } = SLOPES.map((slope) => fullRows(thick, inked, slope)).reduce((best, one) =>
      one.count > best.count ? one : best,
    );
    for (const middle of middles(full)) {
      takeOut(
        left,
        Array.from(shift, (off) => off + middle),
        thickest * longerSide(inked),
      );
    }
    if (countOf(left) === before) break;
  }
  return maskOf(inked, (ink, i) => Boolean(ink && !left.data[i]));
}

/** @param {Mask} inked @returns The pixels of the ink and those above and below it: pixels are coarse. */
function thickened({ data, columns }) {
  const pixels = [];
  for (let i = 0; i < data.length; i++) {
    if (data[i] || data[i - columns] || data[i + columns]) pixels.push(i);
  }
  return pixels;
}

/**
 * @param {number[]} inked Pixels.
 * @param {{rows: number, columns: number}} size
 * @param {number} slope
 * @returns How far each column is moved, and which rows are then full of ink.
 */
function fullRows(inked, { rows, columns }, slope) {
  const middle = Math.floor(columns / 2);
  const shift = new Int32Array(columns);
  const change = new Int32Array(rows + 1); // of the number of columns that a row has within the picture
  for (let x = 0; x < columns; x++) {
    shift[x] = Math.floor(slope * (x - middle) + 0.5);
    change[Math.min(Math.max(-shift[x], 0), rows)]++;
    change[Math.min(Math.max(rows - shift[x], 0), rows)]--;
  }
  const counts = new Int32Array(rows);
  for (const pixel of inked) {
    const row = Math.floor(pixel / columns) - shift[pixel % columns];
    if (row >= 0 && row < rows) counts[row]++;
  }
  let within = 0;
  const full = Array.from(counts, (count, y) => {
    within += change[y];
    return count >= FULL * within && within >= LEAST_WITHIN * columns;
  });
  return { shift, full, count: full.filter(Boolean).length };
}

/** @param {boolean[]} full @returns The middle of each run of full rows. */
function middles(full) {
  const found = [];
  for (let first = 0; first < full.length; first++) {
    if (!full[first]) continue;
    let last = first;
    while (full[last]) last++;
    found.push(Math.floor((first + last) / 2));
    first = last;
  }
  return found;
}

/**
 * Takes a line out, but for the columns where it is part of something higher, which crosses it.
 *
 * @param {Mask} inked
 * @param {number[]} course Where the line is in each column.
 * @param {number} thickest
 */
function takeOut(inked, course, thickest) {
  const { data, rows, columns } = inked;
  /** @type {{x: number, first: number, last: number}[]} */
  const spans = [];
  course.forEach((middle, x) => {
    const place = placesAround(middle).find((y) => y >= 0 && y < rows && data[y * columns + x]);
    if (place === undefined) return;
    let [first, last] = [place, place + 1];
    while (first > 0 && data[(first - 1) * columns + x]) first--;
    while (last < rows && data[last * columns + x]) last++;
    spans.push({ x, first, last });
  });
  if (!spans.length) return;
  const thickness = median(spans.map(({ first, last }) => last - first));
  if (thickness > Math.max(thickest, 2)) return;
  for (const { x, first, last } of spans) {
    if (last - first > CROSSED * thickness + 2) continue;
    for (let y = first; y < last; y++) data[y * columns + x] = 0;
  }
}

/** @param {number} middle @returns {number[]} The nearest first. */
function placesAround(middle) {
  const places = [middle];
  for (let off = 1; off <= OFF; off++) places.push(middle + off, middle - off);
  return places;
}
