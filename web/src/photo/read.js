/** Finds the digits in a photo of paper: the twin of `train/drawing/photo.py`. It uses no DOM, so that Node can run it. */
import { partsOf } from "../drawing/parts.js";
import { countRows } from "../drawing/side_by_side.js";
import { SiteError } from "../model/files.js";
import { countOf } from "./grids.js";
import { inkOf } from "./ink.js";
import { reachingIn } from "./ruling.js";
import { LEAST_AREA, onSheet } from "./sheet.js";

/** @import { Drawing } from "../types" */
/** @import { Grid } from "./grids.js" */

/**
 * @param {Grid} grey
 * @returns {{ink: Drawing, place: (x: number, y: number) => [number, number]}} The ink of one row of digits, and where
 *     its pixels lie in the photo, which may show more, and turned.
 * @throws {SiteError} If there is no ink, or more than one row of digits.
 */
export function readPhoto(grey) {
  const { ink, place } = onPaper(grey);
  const parts = partsOf(ink);
  if (!parts.length) {
    throw new SiteError("No digit found, only paper. Write darker, or go closer with the camera.");
  }
  const found = countRows(parts, ink);
  if (found > 1) throw new SiteError(`No digit read: there are ${found} rows. Show one row of digits.`);
  return { ink, place };
}

/** @param {Grid} grey @returns {ReturnType<typeof readPhoto>} On the sheet, else in the whole photo: the sheet may be folded. */
function onPaper(grey) {
  const { sheet, place } = onSheet(grey);
  const ink = inkOf(sheet);
  if (sheet === grey || isWhole(ink)) return { ink, place };
  const whole = inkOf(grey);
  return isWhole(whole) ? { ink: whole, place: (x, y) => [x, y] } : { ink, place };
}

/** @param {Drawing} ink @returns Whether there is some, none of it cut off, and not as much as a sheet covers. */
function isWhole({ data, rows, columns }) {
  const inked = { data: Uint8Array.from(data, (level) => Number(level > 0)), rows, columns };
  const size = countOf(inked);
  return size > 0 && !countOf(reachingIn(inked)) && size < LEAST_AREA * rows * columns;
}
