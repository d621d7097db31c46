/** Finds the digits in a photo of paper: the twin of `train/drawing/photo.py`. It uses no DOM, so that Node can run it. */
import { countRows, sideBySide } from "../drawing/side_by_side.js";
import { SiteError } from "../model/files.js";
import { inkOf } from "./ink.js";
import { onSheet } from "./sheet.js";

/** @import { Drawing } from "../types" */
/** @import { Grid } from "./grids.js" */

/**
 * @param {Grid} grey
 * @returns {Drawing[]} The ink of each digit, from left to right.
 * @throws {SiteError} If there is no ink, or more than one row of digits.
 */
export function digitsIn(grey) {
  const { data, rows, columns } = inkOf(onSheet(grey));
  if (!data.some(Boolean)) {
    throw new SiteError("No digit found: bare paper. Write darker, or take the photo closer.");
  }
  const found = countRows(data, rows, columns);
  if (found > 1) throw new SiteError(`No digit read: ${found} rows of digits. Show one row.`);
  return sideBySide(data, rows, columns).map((ink) => ({ data: ink, rows, columns }));
}
