/** From a decoded picture to the numbers that the model takes. */
import { contextOf } from "../dom.js";
import { toColours, toGrey } from "./channels.js";
import { cropOf, resize } from "./resize.js";

/** @import { Contract } from "../types" */

/** What lies behind a transparent picture. */
const WHITE = "#fff";

/**
 * Only the rows that the model sees are read, one after the other: a photograph as a whole has more pixels than some
 * browsers let a canvas have.
 *
 * @param {ImageBitmap} picture
 * @param {Contract} contract
 * @returns {Uint8Array} Shape height x width x channels, grey levels in bytes.
 */
export function modelInput(picture, contract) {
  const crop = cropOf(picture, contract);
  const row = contextOf(document.createElement("canvas"), { willReadFrequently: true });
  row.canvas.width = crop.width;
  row.canvas.height = 1;
  row.fillStyle = WHITE;
  const convert = contract.channels === 1 ? toGrey : toColours;
  /** @param {number} y */
  const readRow = (y) => {
    row.fillRect(0, 0, crop.width, 1);
    row.drawImage(picture, crop.left, crop.top + y, crop.width, 1, 0, 0, crop.width, 1);
    return convert(row.getImageData(0, 0, crop.width, 1).data);
  };
  return resize(readRow, crop, contract, contract.channels);
}
