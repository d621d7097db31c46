/** Reads pictures' RGBA pixels as JSON on stdin, writes the model's input that a Web kit makes of them. */
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

const { imageOf } = await import(pathToFileURL(join(process.argv[2], "input.js")).href);
/** @type {{pixels: number[], width: number, height: number}[]} */
const pictures = JSON.parse(await text(process.stdin));
const images = pictures.map(({ pixels, width, height }) =>
  imageOf({ data: Uint8ClampedArray.from(pixels), width, height }),
);
console.log(JSON.stringify(images.map((image) => [...image])));
