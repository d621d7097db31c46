/**
 * Parses a kit's TypeScript, and runs the part of its self-test that needs no device: node _typescript.mjs SRC
 *
 * Node takes the types out of the sources by itself, but finds no file by its name without the extension, as Metro does.
 */
import { readdirSync, readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = resolve(process.argv[2]);
for (const name of readdirSync(folder).filter((name) => name.endsWith(".ts"))) {
  try {
    stripTypeScriptTypes(readFileSync(join(folder, name), "utf8"));
  } catch (error) {
    throw new SyntaxError(`${name}: ${/** @type {Error} */ (error).message}`);
  }
}
registerHooks({
  resolve: (name, context, next) => next(/^\.\/\w+$/.test(name) ? `${name}.ts` : name, context),
});
const { preprocessingOf } = await import(pathToFileURL(join(folder, "selftest_preprocess.ts")).href);
console.log(preprocessingOf());
