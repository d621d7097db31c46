/** Reads drawings as JSON on stdin, writes what web/src/drawing/side_by_side.js makes of them. */
import { text } from "node:stream/consumers";
import { partsOf } from "../../web/src/drawing/parts.js";
import { countRows, sideBySide } from "../../web/src/drawing/side_by_side.js";

/** @type {{ink: string, rows: number, columns: number}[]} */
const drawings = JSON.parse(await text(process.stdin));
const results = drawings.map(({ ink, rows, columns }) => {
  const data = new Uint8Array(Buffer.from(ink, "base64"));
  const digits = sideBySide(data, rows, columns).map((one) => Buffer.from(one).toString("base64"));
  const drawing = { data, rows, columns };
  return { digits, writtenRows: countRows(partsOf(drawing), drawing) };
});
console.log(JSON.stringify(results));
