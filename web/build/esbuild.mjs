/** How all bundles of the page are made. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const WEB = dirname(dirname(fileURLToPath(import.meta.url)));
export const SRC = join(WEB, "src");
export const PACKAGES = join(WEB, "node_modules");

/** The newest ECMAScript whose syntax the page's scripts may have; tests/web/test_old_phones.py holds them to it. */
export const SYNTAX = 2020;

/** The oldest browsers that the page is for; web/README.md says why. */
const BROWSERS = ["chrome93", "firefox98", "ios15.4", "safari15.4"];

/** @type {import("esbuild").BuildOptions} */
const OPTIONS = {
  absWorkingDir: SRC,
  bundle: true,
  legalComments: "none",
  logLevel: "silent",
  minify: true,
  target: [`es${SYNTAX}`, ...BROWSERS],
  tsconfigRaw: "{}", // tsconfig.json is for the type checker alone
};

/**
 * Bundles one entry.
 *
 * @param {string} entry A file in `web/src`.
 * @param {import("esbuild").BuildOptions} [options]
 * @returns {Promise<string>} The bundle.
 */
export async function bundle(entry, options) {
  const { outputFiles } = await build({ ...OPTIONS, entryPoints: [entry], ...options, write: false });
  return outputFiles[0].text;
}

/**
 * @param {RegExp} filter Of the paths that are imported.
 * @param {string} path The file that stands in for them.
 * @returns {import("esbuild").Plugin}
 */
export function standIn(filter, path) {
  return { name: "stand-in", setup: ({ onResolve }) => onResolve({ filter }, () => ({ path })) };
}

/**
 * Runs a build script; an error ends it with one line.
 *
 * @param {string} name Of the script, for that line.
 * @param {(options: string[]) => Promise<void>} main
 */
export async function runScript(name, main) {
  try {
    await main(process.argv.slice(2));
  } catch (caught) {
    const error = /** @type {any} */ (caught);
    const [reason] = String(error.errors?.[0]?.text ?? error.message ?? error).split("\n"); // esbuild's list first
    console.error(`${name}: ${reason}`);
    process.exitCode = 1;
  }
}
