/** How all bundles of the page are made. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const HERE = dirname(fileURLToPath(import.meta.url));

const OPTIONS = {
  absWorkingDir: HERE,
  bundle: true,
  legalComments: "none",
  logLevel: "silent",
  minify: true,
  target: "es2020",
  write: false,
};

/**
 * Bundles one entry.
 *
 * @param {string} entry A file beside this one.
 * @param {import("esbuild").BuildOptions} options
 * @returns {Promise<string>} The bundle.
 */
export async function bundle(entry, options) {
  const { outputFiles } = await build({ ...OPTIONS, entryPoints: [entry], ...options });
  return outputFiles[0].text;
}

/** Runs a build script's work; an error ends it with one line. */
export async function runScript(name, work) {
  try {
    await work(process.argv.slice(2));
  } catch (error) {
    const [reason] = String(error.errors?.[0]?.text ?? error.message ?? error).split("\n"); // esbuild's list first
    console.error(`${name}: ${reason}`);
    process.exitCode = 1;
  }
}
