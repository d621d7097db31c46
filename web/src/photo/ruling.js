/** Finds what isn't written in a picture's ink: the twin of `train/drawing/ruling.py`, which says why. */
import { partsOf } from "../drawing/parts.js";
import { countOf, emptyMask, longerSide, maskOf, rest, transposed } from "./grids.js";
import { takenFrom } from "./parts.js";
import { encloses, ringsIn } from "./rings.js";
import { median } from "./statistics.js";

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
const FLATTEST = SMALLEST / 2;

/** @param {Mask} inked @returns {Mask} Lines through the picture, along a frame, or around what is written. */
export function ruling(inked) {
  const unframed = rest(inked, framesIn(inked));
  const unruled = rest(unframed, linesOf(unframed, THICKEST * longerSide(inked)));
  const written = rest(unruled, framesIn(unruled));
  return rest(inked, rest(written, ringsIn(written)));
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

/** @param {Mask} inked @returns {Mask} The lines along the sides of the frames, and those from side to side. */
function framesIn(inked) {
  return takenFrom(inked, (part, { top, bottom, left, right }) => {
    const { rows, columns } = part;
    if (Math.min(rows, columns) < SMALLEST && !(columns >= 2 * rows && rows >= FLATTEST)) return null;
    const cut = [top === 0, bottom === inked.rows - 1, left === 0, right === inked.columns - 1];
    const thickest = FRAME * Math.min(rows, columns);
    if (!isFrame(part, thickest, cut)) return null;
    return cut.some(Boolean) && !encloses(part, inked, { left, top }) ? null : linesOf(part, thickest);
  });
}

/** @param {Mask} part @param {number} thickest @param {boolean[]} cut @returns Whether lines run along all sides but those. */
function isFrame(part, thickest, [top, bottom, left, right]) {
  return hasLines(part, thickest, top, bottom) && hasLines(transposed(part), thickest, left, right);
}

/** @param {Mask} sides @param {number} thickest @param {boolean} first @param {boolean} last Which side needs none. */
function hasLines(sides, thickest, first, last) {
  const { data } = linesDown(sides, thickest);
  const near = Math.max(2 * OFF, Math.floor(sides.rows / 6)) * sides.columns;
  return (first || data.slice(0, near).some(Boolean)) && (last || data.slice(-near).some(Boolean));
}

/** @param {Mask} inked @param {number} thickest */
function linesOf(inked, thickest) {
  const across = linesDown(inked, thickest);
  const down = transposed(linesDown(transposed(rest(inked, across)), thickest));
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
        thickest,
      );
    }
    if (countOf(left) === before) break;
  }
  return rest(inked, left);
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
