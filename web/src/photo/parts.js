/** Goes through the connected parts of a picture's ink. */
import { partsOf } from "../drawing/parts.js";
import { emptyMask } from "./grids.js";

/** @import { Part } from "../drawing/parts.js" */
/** @import { Mask } from "./grids.js" */

/**
 * @param {Mask} inked
 * @param {(part: Mask, bounds: Part) => Mask | null} find What to take out of a part, which is cut out.
 * @returns {Mask} All that was found.
 */
export function takenFrom(inked, find) {
  const taken = emptyMask(inked);
  for (const part of partsOf(inked)) {
    const found = find(cutOut(part, inked.columns), part);
    found?.data.forEach((ink, i) => {
      const [x, y] = [part.left + (i % part.width), part.top + Math.floor(i / part.width)];
      if (ink) taken.data[y * inked.columns + x] = 1;
    });
  }
  return taken;
}

/** @param {Part} part @param {number} columns Of the picture. @returns {Mask} The part in its box. */
function cutOut({ pixels, left, top, height, width }, columns) {
  const mask = emptyMask({ rows: height, columns: width });
  for (const pixel of pixels) {
    mask.data[(Math.floor(pixel / columns) - top) * width + (pixel % columns) - left] = 1;
  }
  return mask;
}
