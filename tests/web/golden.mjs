/** Reads drawings and a contract as JSON on stdin, writes what web/src/drawing/preprocess.js makes of them. */
import { text } from "node:stream/consumers";
import { normalise } from "../../web/src/drawing/preprocess.js";

/** @import { Contract } from "../../web/src/types" */

/** @type {{drawings: {ink: string, rows: number, columns: number}[], contract: Contract}} */
const { drawings, contract } = JSON.parse(await text(process.stdin));
const results = drawings.map(({ ink, rows, columns }) => {
  const picture = normalise({ data: new Uint8Array(Buffer.from(ink, "base64")), rows, columns }, contract);
  return Buffer.from(picture).toString("base64");
});
console.log(JSON.stringify(results));
