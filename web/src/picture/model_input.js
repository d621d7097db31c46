/** From a decoded picture to the numbers that the model takes. */
import { contextOf } from "../dom.js";
import { cropOf, resize } from "./resize.js";

/** @import { Contract } from "../types" */

/** What lies behind a transparent picture. */
const WHITE = "#fff";

/** Red, green and blue in a grey, in 65536ths, as Pillow has them: 0.299, 0.587, 0.114 of ITU-R BT.601. */
const [RED, GREEN, BLUE] = [19595, 38470, 7471];

/**
 * Only the rows that the model sees are read, one after the other: a photograph as a whole has more pixels than some
 * browsers let a canvas have.
 *
 * @param {ImageBitmap} picture
 * @param {Contract} contract
 * @returns {Uint8Array} Shape height x width x channels, 0..255.
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

/** @param {Uint8ClampedArray} rgba @returns {Uint8Array} Red, green and blue of each pixel. */
function toColours(rgba) {
  const colours = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    for (let i = 0; i < 3; i++) colours[to++] = rgba[from + i];
  }
  return colours;
}

/** @param {Uint8ClampedArray} rgba @returns {Uint8Array} The grey of each pixel, rounded as Pillow rounds it. */
function toGrey(rgba) {
  return Uint8Array.from({ length: rgba.length / 4 }, (_, i) => {
    const [red, green, blue] = rgba.subarray(4 * i, 4 * i + 3);
    return (red * RED + green * GREEN + blue * BLUE + 0x8000) >> 16;
  });
}
