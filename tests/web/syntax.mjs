// Parses scripts as a browser of the page's syntax does: node syntax.mjs FILE...
// A page's scripts are those inside it. Prints each script that is newer, a line each.
import { readFileSync } from "node:fs";
import { SYNTAX } from "../../web/build/esbuild.mjs";
import { parse } from "../../web/node_modules/acorn/dist/acorn.mjs";

/** Safari before 16.4 rejects a whole script for one of these, which are older syntax. */
const LOOKS_BEHIND = /\(\?<[=!]/;

for (const file of process.argv.slice(2)) {
  const text = readFileSync(file, "utf8");
  const scripts = file.endsWith(".html")
    ? [...text.matchAll(/<script>([\s\S]*?)<\/script>/g)]
    : [[file, text]];
  if (scripts.length === 0) console.log(`${file}: no script`);
  for (const [, script] of scripts) {
    try {
      parse(script, { ecmaVersion: SYNTAX, sourceType: file.endsWith(".html") ? "script" : "module" });
      if (LOOKS_BEHIND.test(script)) throw new Error("it looks behind");
    } catch (error) {
      console.log(`${file}: ${error}`);
    }
  }
}
