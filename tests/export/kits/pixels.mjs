/** Reads RGBA pixels as JSON on stdin, writes what a function of a kit's preprocess.ts makes of them. */
import { registerHooks } from "node:module";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

registerHooks({
  resolve: (name, context, next) => next(/^\.\/\w+$/.test(name) ? `${name}.ts` : name, context),
});
const kit = await import(pathToFileURL(join(process.argv[2], "preprocess.ts")).href);
const { function: name, pixels, size } = JSON.parse(await text(process.stdin));
console.log(JSON.stringify([...kit[name](Uint8Array.from(pixels), ...size).data]));
