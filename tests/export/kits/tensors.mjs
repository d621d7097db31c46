/** Reads a tensor, grey levels and numbers as JSON on stdin, writes what a kit's tensors.ts makes of them. */
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

const { toBytes, fromBytes } = await import(pathToFileURL(process.argv[2]).href);
const { tensor, levels, numbers } = JSON.parse(await text(process.stdin));
const given = toBytes(Uint8Array.from(levels), tensor);
const stored = tensor.type === "float32" ? Float32Array.from(numbers) : Uint8Array.from(numbers);
const found = fromBytes(stored.buffer, tensor);
console.log(JSON.stringify({ bytes: [...new Uint8Array(given)], numbers: [...found] }));
