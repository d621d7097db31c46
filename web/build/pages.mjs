/** Which of the two pages a site gets, and its parts. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { bundle, SRC, standIn } from "./esbuild.mjs";

/** @import { Contract } from "../src/types" */

/** @typedef {"drawing" | "picture"} Page Name of the folder in `src/`. */

const DIGITS = "0123456789";

/**
 * @param {Contract} contract
 * @returns {Page} People draw digits as MNIST has them; of anything else they have pictures.
 */
export function pageFor({ height, width, channels, labels }) {
  const likeMnist = height === 28 && width === 28 && channels === 1 && labels.join() === [...DIGITS].join();
  return likeMnist ? "drawing" : "picture";
}

/**
 * @param {Page} page
 * @param {string} [runtime] A runtime that becomes part of the bundle; otherwise the page loads one.
 * @returns {Promise<string>} The page's scripts.
 */
export function bundleApp(page, runtime) {
  const own = standIn(/^inkproof:page$/, join(SRC, page, "page.js"));
  if (!runtime) return bundle("app.js", { format: "esm", plugins: [own] });
  const plugins = [own, standIn(/\/runtime\/runtime\.js$/, runtime)];
  return bundle("single_file.js", { format: "iife", plugins });
}

/** @param {Page} page @returns {Promise<string>} Its index.html, with plain names of files. */
export async function composeHtml(page) {
  const html = await withTexts("index.html", page);
  const section = await readFile(join(SRC, page, "section.html"), "utf8");
  return html.replace(/^ *<!-- what the model is given -->\n/m, () => section);
}

/** @param {Page} page */
export function composeWebManifest(page) {
  return withTexts("manifest.webmanifest", page);
}

/** @param {string} file @param {Page} page */
async function withTexts(file, page) {
  const source = await readFile(join(SRC, file), "utf8");
  const texts = JSON.parse(await readFile(join(SRC, page, "texts.json"), "utf8"));
  return source.replace(/\{\{(\w+)\}\}/g, (placeholder, name) => {
    if (Object.hasOwn(texts, name)) return texts[name];
    throw new Error(`expected a text for ${placeholder} in src/${page}/texts.json, found none`);
  });
}
