/** Reads photos and a contract as JSON on stdin, writes the images that web/src/photo/ finds in each; null for none. */
import { text } from "node:stream/consumers";
import { normalise } from "../../web/src/drawing/preprocess.js";
import { digitsIn } from "../../web/src/photo/digits.js";

/** @import { Contract } from "../../web/src/types" */

/** @type {{photos: {grey: string, rows: number, columns: number}[], contract: Contract}} */
const { photos, contract } = JSON.parse(await text(process.stdin));
const results = photos.map(({ grey, rows, columns }) => {
  const bytes = Buffer.from(grey, "base64");
  try {
    const digits = digitsIn({ data: Float64Array.from(bytes), rows, columns });
    return digits.map((ink) => Buffer.from(normalise(ink, contract)).toString("base64"));
  } catch (error) {
    if (/** @type {any} */ (error).constructor.name !== "SiteError") throw error;
    return null;
  }
});
console.log(JSON.stringify(results));
