/** The connected parts of a drawing, whose pixels touch in any of eight directions. */
/** @import { Drawing } from "../types" */

/** A part is a speck if its longer side is under this fraction of the largest part's: see `train/drawing/preprocess.py`. */
export const SPECK = 0.33;

/** @typedef {{pixels: number[], left: number, right: number, side: number}} Part Its longer side, and its columns. */

/** @param {Drawing} drawing @returns {Part[]} */
export function partsOf(drawing) {
  const { data } = drawing;
  const seen = new Uint8Array(data.length);
  const parts = [];
  for (let pixel = 0; pixel < data.length; pixel++) {
    if (data[pixel] !== 0 && !seen[pixel]) parts.push(partFrom(pixel, drawing, seen));
  }
  return parts;
}

/** @param {Part[]} parts @returns {number} The shortest side of a part that is no speck. */
export function leastSide(parts) {
  return SPECK * parts.reduce((longest, { side }) => Math.max(longest, side), 0);
}

/**
 * @param {number} first One of its pixels.
 * @param {Drawing} drawing
 * @param {Uint8Array} seen The pixels that belong to a part already: 1. Those of the new part are added.
 * @returns {Part}
 */
function partFrom(first, { data, rows, columns }, seen) {
  const pixels = [first];
  seen[first] = 1;
  let [top, bottom, left, right] = [rows, 0, columns, 0];
  // The list grows while the loop goes through it: whatever touches one of its pixels is added.
  for (let next = 0; next < pixels.length; next++) {
    const y = Math.floor(pixels[next] / columns);
    const x = pixels[next] % columns;
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
    left = Math.min(left, x);
    right = Math.max(right, x);
    for (let ny = Math.max(y - 1, 0); ny <= Math.min(y + 1, rows - 1); ny++) {
      for (let nx = Math.max(x - 1, 0); nx <= Math.min(x + 1, columns - 1); nx++) {
        const neighbour = ny * columns + nx;
        if (data[neighbour] === 0 || seen[neighbour]) continue;
        seen[neighbour] = 1;
        pixels.push(neighbour);
      }
    }
  }
  return { pixels, left, right, side: Math.max(bottom - top, right - left) + 1 };
}
