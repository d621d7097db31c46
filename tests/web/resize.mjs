/** Reads pictures and sizes as JSON on stdin, writes what web/src/picture/resize.js makes of them. */
import { text } from "node:stream/consumers";
import { cropOf, resize } from "../../web/src/picture/resize.js";

/** @import { Size } from "../../web/src/types" */

/** @type {{pixels: string, picture: Size, target: Size, channels: number}[]} */
const cases = JSON.parse(await text(process.stdin));
const results = cases.map(({ pixels, picture, target, channels }) => {
  const bytes = Buffer.from(pixels, "base64");
  const crop = cropOf(picture, target);
  /** @param {number} y */
  const readRow = (y) => {
    const start = ((crop.top + y) * picture.width + crop.left) * channels;
    return bytes.subarray(start, start + crop.width * channels);
  };
  return Buffer.from(resize(readRow, crop, target, channels)).toString("base64");
});
console.log(JSON.stringify(results));
