/** The connected parts of a drawing, whose pixels touch in any of eight directions. */
/** @import { Drawing } from "../types" */

/** What a speck is: see `train/drawing/preprocess.py`. */
const SPECK = 0.33;
const DOT = 0.5;
const ROUND = 1.4;
const FILLED = 0.7;

/**
 * @typedef {{top: number, left: number, bottom: number, right: number, height: number, width: number}} Bounds First and
 *     last rows and columns.
 * @typedef {Bounds & {pixels: number[]}} Part
 */

/** @param {Drawing} drawing @returns {Part[]} */
export function partsOf(drawing) {
  const { data, columns } = drawing;
  const seen = new Uint8Array(data.length);
  const parts = [];
  for (let pixel = 0; pixel < data.length; pixel++) {
    if (data[pixel] === 0 || seen[pixel]) continue;
    const pixels = connectedTo(pixel, drawing, seen);
    parts.push({ pixels, ...boundsOf(pixels, columns) });
  }
  return parts;
}

/** @param {number[]} pixels @param {number} columns @returns {Bounds} */
export function boundsOf(pixels, columns) {
  let [top, bottom, left, right] = [Infinity, 0, Infinity, 0];
  for (const pixel of pixels) {
    const y = Math.floor(pixel / columns);
    const x = pixel % columns;
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
    left = Math.min(left, x);
    right = Math.max(right, x);
  }
  return { top, left, bottom, right, height: bottom - top + 1, width: right - left + 1 };
}

/** @param {Part[]} parts @returns {Bounds} */
export function boundsOfParts(parts) {
  let [top, bottom, left, right] = [Infinity, 0, Infinity, 0];
  for (const part of parts) {
    top = Math.min(top, part.top);
    bottom = Math.max(bottom, part.bottom);
    left = Math.min(left, part.left);
    right = Math.max(right, part.right);
  }
  return { top, left, bottom, right, height: bottom - top + 1, width: right - left + 1 };
}

/** @param {Part[]} parts @returns Those that aren't stray dots, which a pen leaves that only touched. */
export function withoutSpecks(parts) {
  const longest = parts.reduce((most, { height, width }) => Math.max(most, height, width), 0);
  return parts.filter(({ height, width, pixels }) => {
    const longer = Math.max(height, width);
    const round = longer <= ROUND * Math.min(height, width) && pixels.length >= FILLED * height * width;
    return longer >= (round ? DOT : SPECK) * longest;
  });
}

/**
 * @param {number} first
 * @param {Drawing} drawing
 * @param {Uint8Array} seen The pixels that belong to a part already: 1. Those that are found are added.
 */
function connectedTo(first, { data, rows, columns }, seen) {
  const pixels = [first];
  seen[first] = 1;
  // The list grows while the loop goes through it: whatever touches one of its pixels is added.
  for (const pixel of pixels) {
    const y = Math.floor(pixel / columns);
    const x = pixel % columns;
    for (let ny = Math.max(y - 1, 0); ny <= Math.min(y + 1, rows - 1); ny++) {
      for (let nx = Math.max(x - 1, 0); nx <= Math.min(x + 1, columns - 1); nx++) {
        const neighbour = ny * columns + nx;
        if (data[neighbour] === 0 || seen[neighbour]) continue;
        seen[neighbour] = 1;
        pixels.push(neighbour);
      }
    }
  }
  return pixels;
}
