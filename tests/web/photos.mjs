/** Reads photos and a contract as JSON on stdin, writes the images that web/src/photo/ finds in each; null for none. */
import { text } from "node:stream/consumers";
import { normalise } from "../../web/src/drawing/preprocess.js";
import { sideBySide } from "../../web/src/drawing/side_by_side.js";
import { readPhoto } from "../../web/src/photo/read.js";

/** @import { Contract } from "../../web/src/types" */

/** @type {{photos: {grey: string, rows: number, columns: number}[], contract: Contract}} */
const { photos, contract } = JSON.parse(await text(process.stdin));
const results = photos.map(({ grey, rows, columns }) => {
  const bytes = Buffer.from(grey, "base64");
  try {
    const { ink } = readPhoto({ data: Float64Array.from(bytes), rows, columns });
    const digits = sideBySide(ink.data, ink.rows, ink.columns).map((data) => ({ ...ink, data }));
    return digits.map((digit) => Buffer.from(normalise(digit, contract)).toString("base64"));
  } catch (error) {
    if (/** @type {any} */ (error).constructor.name !== "SiteError") throw error;
    return null;
  }
});
console.log(JSON.stringify(results));
