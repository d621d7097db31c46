/** Finds the sheet of paper in a picture that shows more than it: the twin of `train/drawing/sheet.py`. */
import { partsOf } from "../drawing/parts.js";
import { countOf, emptyMask, filled, highest, longerSide, lowest, maskOf } from "./grids.js";
import { median, quantile, twoMeans } from "./statistics.js";

/** @import { Grid, Mask } from "./grids.js" */

export const LEAST_AREA = 0.2;
const LEAST_SOLID = 0.85;
const MOST_OF_BORDER = 0.4;
const LEAST_BARE = 0.6;
const LEAST_STEP = 30;
const FADED = 0.35;
const LEAST_SHARP = 0.6;
const RIM = 0.02;

/** Degrees, all of which are tried. */
const STEEPEST = 45;

/** @typedef {{left: number, right: number, top: number, bottom: number}} Box In the turned picture, in pixels. */

/**
 * @param {Grid} grey
 * @returns {{sheet: Grid, place: (x: number, y: number) => [number, number]}} The sheet alone, upright, or the picture as
 *     it is where it shows no other; and where the sheet's pixels lie in the picture.
 */
export function onSheet(grey) {
  const found = findSheet(grey);
  if (!found) return { sheet: grey, place: (x, y) => [x, y] };
  const { turn, left, top, rows, columns } = found;
  /** @type {(x: number, y: number) => [number, number]} */
  const place = (x, y) => turned(x + left, y + top, -turn);
  return { sheet: upright(grey, place, rows, columns), place };
}

/** @param {Grid} grey @returns How the sheet lies, without its rim; null where there is none. */
function findSheet(grey) {
  const dark = quantile(grey.data, 0.1);
  const light = quantile(grey.data, 0.9);
  if (light - dark < LEAST_STEP) return null;
  const [desk, paper] = twoMeans(grey.data, dark, light);
  if (paper - desk < LEAST_STEP) return null;
  const parts = partsOf(maskOf(grey, (level) => level > paper - FADED * (paper - desk)));
  const { pixels } = parts.reduce((most, part) => (part.pixels.length > most.pixels.length ? part : most));
  const bright = emptyMask(grey);
  for (const pixel of pixels) bright.data[pixel] = 1;
  const sheet = filled(bright);
  if (!isSheet(grey, sheet, bright, paper - desk)) return null;
  const { turn, box, area } = smallestBox(sheet);
  if (countOf(sheet) < LEAST_SOLID * area) return null;
  const rim = Math.max(2, Math.floor(RIM * longerSide(grey)));
  if (Math.min(box.right - box.left, box.bottom - box.top) <= 4 * rim) return null; // a strip
  const [left, top] = [box.left + rim, box.top + rim];
  const rows = Math.floor(box.bottom - rim - top) + 1;
  const columns = Math.floor(box.right - rim - left) + 1;
  return { turn, left, top, rows, columns };
}

/** @param {Grid} grey @param {Mask} sheet @param {Mask} bright @param {number} step */
function isSheet(grey, sheet, bright, step) {
  const { rows, columns } = grey;
  const size = countOf(sheet);
  let border = 0;
  for (let x = 0; x < columns; x++) border += sheet.data[x] + sheet.data[(rows - 1) * columns + x];
  for (let y = 0; y < rows; y++) border += sheet.data[y * columns] + sheet.data[(y + 1) * columns - 1];
  if (size < LEAST_AREA * rows * columns || border > MOST_OF_BORDER * 2 * (rows + columns)) return false;
  if (countOf(bright) < LEAST_BARE * size) return false;
  const near = Math.max(2, Math.floor(RIM * longerSide(grey)));
  const core = lowest(sheet, near).data;
  const around = highest(sheet, near).data;
  const inside = grey.data.filter((_, i) => bright.data[i] && !core[i]);
  const outside = grey.data.filter((_, i) => around[i] && !sheet.data[i]);
  return median(inside) - median(outside) >= LEAST_SHARP * step;
}

/** @param {Mask} sheet @returns The turn, in radians, that makes the bounding box smallest, the box and its area. */
function smallestBox(sheet) {
  const edge = outline(sheet);
  /** @type {{turn: number, box: Box, area: number} | undefined} */
  let smallest;
  for (let degrees = -STEEPEST; degrees < STEEPEST; degrees++) {
    const turn = (degrees * Math.PI) / 180;
    const box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
    for (const pixel of edge) {
      const [x, y] = turned(pixel % sheet.columns, Math.floor(pixel / sheet.columns), turn);
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y);
    }
    const area = (box.right - box.left + 1) * (box.bottom - box.top + 1);
    if (!smallest || area < smallest.area) smallest = { turn, box, area };
  }
  if (!smallest) throw new Error("no turn was tried");
  return smallest;
}

/** @param {Mask} mask @returns {number[]} The first and the last pixel of each row: no box is larger for the others. */
function outline({ data, rows, columns }) {
  const pixels = [];
  for (let y = 0; y < rows; y++) {
    const row = data.subarray(y * columns, (y + 1) * columns);
    const first = row.indexOf(1);
    if (first >= 0) pixels.push(y * columns + first, y * columns + row.lastIndexOf(1));
  }
  return pixels;
}

/**
 * @param {Grid} grey
 * @param {(x: number, y: number) => [number, number]} place Of each pixel of the result.
 * @param {number} down
 * @param {number} across
 * @returns {Grid} Interpolated bilinearly.
 */
function upright({ data, rows, columns }, place, down, across) {
  /** @param {number} x @param {number} y */
  const at = (x, y) => data[Math.min(y, rows - 1) * columns + Math.min(x, columns - 1)];
  const result = new Float64Array(down * across);
  for (let i = 0; i < result.length; i++) {
    const [right, below] = place(i % across, Math.floor(i / across));
    const x = Math.min(Math.max(right, 0), columns - 1);
    const y = Math.min(Math.max(below, 0), rows - 1);
    const [x0, y0] = [Math.floor(x), Math.floor(y)];
    const upper = at(x0, y0) * (x0 + 1 - x) + at(x0 + 1, y0) * (x - x0);
    const lower = at(x0, y0 + 1) * (x0 + 1 - x) + at(x0 + 1, y0 + 1) * (x - x0);
    result[i] = upper * (y0 + 1 - y) + lower * (y - y0);
  }
  return { data: result, rows: down, columns: across };
}

/** @param {number} x @param {number} y @param {number} turn @returns {[number, number]} */
function turned(x, y, turn) {
  const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
  return [cosine * x + sine * y, cosine * y - sine * x];
}
