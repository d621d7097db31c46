/** Stray dots, which a pen leaves that only touched: the twin of `_without_specks` in `train/drawing/preprocess.py`. */
import { leastSide, partsOf } from "./parts.js";

/** @import { Drawing } from "../types" */

/**
 * @param {Drawing} drawing
 * @returns {Drawing} The same drawing, or a copy without the parts that are specks beside others.
 */
export function withoutSpecks(drawing) {
  const parts = partsOf(drawing);
  const least = leastSide(parts);
  const specks = parts.filter(({ side }) => side < least);
  if (!specks.length) return drawing;
  const data = drawing.data.slice();
  for (const { pixels } of specks) for (const pixel of pixels) data[pixel] = 0;
  return { ...drawing, data };
}
