/** Stray dots: what a pen leaves that only touched. The twin of `_without_specks` in `train/drawing/preprocess.py`. */

/** A part is a speck if its longer side is under this share of the largest part's; why, is told there. */
const SPECK = 0.33;

/**
 * A drawing without its specks.
 *
 * @param {{data: Uint8Array | Uint8ClampedArray, rows: number, columns: number}} drawing
 * @returns The same drawing, or a copy without the parts that are specks beside others.
 */
export function withoutSpecks(drawing) {
  const parts = partsOf(drawing);
  const largest = Math.max(...parts.map((part) => part.side));
  const specks = parts.filter((part) => part.side < SPECK * largest);
  if (!specks.length) return drawing;
  const data = drawing.data.slice();
  for (const { pixels } of specks) for (const pixel of pixels) data[pixel] = 0;
  return { ...drawing, data };
}

/** Parts of ink that touch in any of eight directions, with the longer side of each. */
function partsOf({ data, rows, columns }) {
  const seen = new Uint8Array(data.length);
  const parts = [];
  for (let pixel = 0; pixel < data.length; pixel++) {
    if (data[pixel] !== 0 && !seen[pixel]) parts.push(partFrom(pixel, { data, rows, columns }, seen));
  }
  return parts;
}

function partFrom(first, { data, rows, columns }, seen) {
  const pixels = [first];
  seen[first] = 1;
  let [top, bottom, left, right] = [rows, 0, columns, 0];
  // The list grows while it is walked: whatever touches what is in it joins it.
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
  return { pixels, side: Math.max(bottom - top, right - left) + 1 };
}
