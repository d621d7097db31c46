/**
 * A drawing becomes the model's input: the twin of `train/drawing/preprocess.py`.
 *
 * Every step is plain arithmetic on doubles, in the same order as there; the golden drawings in
 * `tests/golden/` hold the two together to one grey level. It touches no DOM, so that Node can check it.
 */

import { withoutSpecks } from "./specks.js";

/** Full scale of a byte: a canvas gives coverage as bytes. */
const FULL_INK = 0xff;

/**
 * Drops stray dots, crops a drawing to its ink, scales its longer side to the box, puts its centre of mass at the centre.
 *
 * @param {object} given
 * @param {Uint8Array | Uint8ClampedArray} given.data Amount of ink, rows x columns, row by row: 0 is bare
 *     paper, 0xff full ink, whatever the contract's polarity.
 * @param {number} given.rows
 * @param {number} given.columns
 * @param {object} contract Geometry and polarity of the result: `train/contract.py` as JSON.
 * @returns {Uint8Array} Shape height x width, in the contract's grey levels. Bare paper gives bare paper.
 */
export function normalise(given, contract) {
  const drawing = withoutSpecks(given);
  const result = new Uint8Array(contract.height * contract.width).fill(contract.background);
  const bounds = boundsOfInk(drawing);
  if (!bounds) return result;
  const crop = cropTo(drawing, bounds);
  const scale = contract.box / Math.max(crop.rows, crop.columns);
  const mass = massOf(crop);
  const down = coverage(mass.ofRows, scale, contract.height, contract.centre);
  const across = coverage(mass.ofColumns, scale, contract.width, contract.centre);
  for (let y = 0; y < contract.height; y++) {
    const band = bandOf(crop, down[y]);
    for (let x = 0; x < contract.width; x++) {
      const share = weigh(band, across[x]) / FULL_INK;
      const grey = contract.background + share * (contract.ink - contract.background);
      result[y * contract.width + x] = Math.floor(grey + 0.5);
    }
  }
  return result;
}

/** First and last row and column with any ink, or null on bare paper. */
function boundsOfInk({ data, rows, columns }) {
  let top = rows;
  let bottom = -1;
  let left = columns;
  let right = -1;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      if (data[y * columns + x] === 0) continue;
      if (y < top) top = y;
      if (x < left) left = x;
      if (x > right) right = x;
      bottom = y;
    }
  }
  return bottom < 0 ? null : { top, bottom, left, right };
}

function cropTo({ data, columns }, { top, bottom, left, right }) {
  const crop = { rows: bottom - top + 1, columns: right - left + 1 };
  crop.data = new Float64Array(crop.rows * crop.columns);
  for (let y = 0; y < crop.rows; y++) {
    const start = (top + y) * columns + left;
    crop.data.set(data.subarray(start, start + crop.columns), y * crop.columns);
  }
  return crop;
}

/** Ink in each row and in each column; sums of bytes, so exact in any order. */
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
 * @param {number} centre Where the centre of mass goes, as a share of `size`.
 * @returns {{source: number, share: number}[][]} For each target pixel what it covers, shares 0..1.
 */
function coverage(mass, scale, size, centre) {
  const n = mass.length;
  let start = centre * size - centreOf(mass) * scale;
  start = Math.min(Math.max(start, 0), size - n * scale); // a lopsided drawing stays whole
  return Array.from({ length: size }, (_, target) => {
    const covered = [];
    for (let source = 0; source < n; source++) {
      const from = Math.max(start + source * scale, target);
      const to = Math.min(start + (source + 1) * scale, target + 1);
      if (to > from) covered.push({ source, share: to - from });
    }
    return covered;
  });
}

function centreOf(mass) {
  let moment = 0;
  let total = 0;
  for (let i = 0; i < mass.length; i++) {
    moment += mass[i] * (i + 0.5);
    total += mass[i];
  }
  return moment / total;
}

/** The rows that one target row covers, added up by their shares. */
function bandOf({ data, columns }, covered) {
  const band = new Float64Array(columns);
  for (const { source, share } of covered) {
    for (let x = 0; x < columns; x++) band[x] += share * data[source * columns + x];
  }
  return band;
}

function weigh(values, covered) {
  return covered.reduce((sum, { source, share }) => sum + values[source] * share, 0);
}
