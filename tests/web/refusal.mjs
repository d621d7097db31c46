/** Reads model inputs, probabilities and a contract as JSON on stdin, writes what web/src/drawing/refusal.js says. */
import { text } from "node:stream/consumers";
import { refusal } from "../../web/src/drawing/refusal.js";

/** @import { Contract, Output } from "../../web/src/types" */

/** @type {{pictures: string[], probabilities: number[], output: Output, contract: Contract}} */
const { pictures, probabilities, output, contract } = JSON.parse(await text(process.stdin));
const results = pictures.map((picture, i) =>
  refusal(new Uint8Array(Buffer.from(picture, "base64")), probabilities[i], output, contract),
);
console.log(JSON.stringify(results));
