/** Reads photos and a contract as JSON on stdin, writes the images that web/src/photo/ finds in each; null for none. */
import { text } from "node:stream/consumers";
import { look } from "../../web/src/drawing/digits.js";
import { readPhoto } from "../../web/src/photo/read.js";

/** @import { Contract } from "../../web/src/types" */

/** @type {{photos: {grey: string, rows: number, columns: number}[], contract: Contract}} */
const { photos, contract } = JSON.parse(await text(process.stdin));
const results = photos.map(({ grey, rows, columns }) => {
  const bytes = Buffer.from(grey, "base64");
  try {
    const { ink } = readPhoto({ data: Float64Array.from(bytes), rows, columns });
    return look(ink, contract)?.pictures.map((picture) => Buffer.from(picture).toString("base64"));
  } catch (error) {
    if (/** @type {any} */ (error).constructor.name !== "SiteError") throw error;
    return null;
  }
});
console.log(JSON.stringify(results));
