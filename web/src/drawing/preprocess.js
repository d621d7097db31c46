/**
 * Turns a drawing into the model's input: the twin of `train/drawing/preprocess.py`.
 *
 * Every step is plain arithmetic on doubles, in the same order as there; by the golden drawings in `tests/golden/`
 * the two agree within one grey level. It uses no DOM, so that Node can run it.
 */

import { boundsOfParts, partsOf, withoutSpecks } from "./parts.js";

/** @import { Contract, Drawing } from "../types" */
/** @import { Part } from "./parts.js" */

/** Full scale of a byte: a canvas gives coverage as bytes. */
const FULL_INK = 0xff;

/** @typedef {{source: number, fraction: number}} Covered How much of a source pixel lies in a target pixel, 0..1. */

/**
 * Drops stray dots, crops a drawing to its ink, scales its longer side to the contract's box, and puts its centre
 * of mass at the contract's centre.
 *
 * @param {Drawing} drawing
 * @param {Contract} contract
 * @param {Part[]} [all] The parts of the drawing to take, if not all of them.
 * @returns {Uint8Array} Shape height x width, in the contract's grey levels. Bare paper gives bare paper.
 */
export function normalise(drawing, contract, all = partsOf(drawing)) {
  const result = new Uint8Array(contract.height * contract.width).fill(contract.background);
  const parts = withoutSpecks(all);
  if (!parts.length) return result;
  const crop = cropTo(parts, drawing);
  const scale = contract.box / Math.max(crop.rows, crop.columns);
  const mass = massOf(crop);
  const down = coverage(mass.ofRows, scale, contract.height, contract.centre);
  const across = coverage(mass.ofColumns, scale, contract.width, contract.centre);
  for (let y = 0; y < contract.height; y++) {
    const band = bandOf(crop, down[y]);
    for (let x = 0; x < contract.width; x++) {
      const inked = weigh(band, across[x]) / FULL_INK;
      const grey = contract.background + inked * (contract.ink - contract.background);
      result[y * contract.width + x] = Math.floor(grey + 0.5);
    }
  }
  return result;
}

/**
 * @typedef {{data: Float64Array, rows: number, columns: number}} Crop
 * @param {Part[]} parts
 * @param {Drawing} drawing
 * @returns {Crop} These parts of the drawing alone.
 */
function cropTo(parts, drawing) {
  const { top, left, height, width } = boundsOfParts(parts);
  const data = new Float64Array(height * width);
  for (const { pixels } of parts) {
    for (const pixel of pixels) {
      const y = Math.floor(pixel / drawing.columns) - top;
      data[y * width + (pixel % drawing.columns) - left] = drawing.data[pixel];
    }
  }
  return { data, rows: height, columns: width };
}

/** @param {Crop} crop @returns Ink in each row and in each column; sums of bytes, so exact in any order. */
function massOf({ data, rows, columns }) {
  const ofRows = new Float64Array(rows);
  const ofColumns = new Float64Array(columns);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const ink = data[y * columns + x];
      ofRows[y] += ink;
      ofColumns[x] += ink;
    }
  }
  return { ofRows, ofColumns };
}

/**
 * Which source pixels each target pixel covers along one axis, and how much of each.
 *
 * @param {Float64Array} mass Ink in each line of the crop, with a sum above zero.
 * @param {number} scale Target pixels per source pixel.
 * @param {number} size Target pixels along this axis.
 * @param {number} centre Where the centre of mass goes, as a fraction of `size`.
 * @returns {Covered[][]} For each target pixel what it covers.
 */
function coverage(mass, scale, size, centre) {
  const n = mass.length;
  let start = centre * size - centreOf(mass) * scale;
  start = Math.min(Math.max(start, 0), size - n * scale); // a lopsided drawing stays whole
  return Array.from({ length: size }, (_, target) => {
    /** @type {Covered[]} */
    const covered = [];
    const first = Math.max(Math.floor((target - start) / scale), 0);
    for (let source = first; source < n && start + source * scale < target + 1; source++) {
      const from = Math.max(start + source * scale, target);
      const to = Math.min(start + (source + 1) * scale, target + 1);
      if (to > from) covered.push({ source, fraction: to - from });
    }
    return covered;
  });
}

/** @param {Float64Array} mass @returns The centre of mass, in pixels. */
function centreOf(mass) {
  let moment = 0;
  let total = 0;
  for (let i = 0; i < mass.length; i++) {
    moment += mass[i] * (i + 0.5);
    total += mass[i];
  }
  return moment / total;
}

/** @param {Crop} crop @param {Covered[]} covered @returns The rows that a target row covers, weighted and added up. */
function bandOf({ data, columns }, covered) {
  const band = new Float64Array(columns);
  for (const { source, fraction } of covered) {
    for (let x = 0; x < columns; x++) band[x] += fraction * data[source * columns + x];
  }
  return band;
}

/** @param {Float64Array} values @param {Covered[]} covered */
function weigh(values, covered) {
  let sum = 0;
  for (const { source, fraction } of covered) sum += values[source] * fraction;
  return sum;
}
