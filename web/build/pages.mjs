/** Which of the two pages a site gets, and its parts. */
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { bundle, SRC, standIn } from "./esbuild.mjs";

/** @import { Contract } from "../src/types" */

/** @typedef {"drawing" | "picture"} Page Name of the folder in `src/`. */

const DIGITS = "0123456789";

/** @type {Record<Page, string[]>} Scripts in `src/photo/` that a page imports when it needs them. */
const LATER = { drawing: ["photos.js"], picture: [] };

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
 * @param {Record<string, string>} later From scripts that the page loads when it needs them to their files' names.
 * @returns {Promise<string>} The page's scripts but for those, and for the runtime.
 */
export function bundleApp(page, later) {
  const plugins = [ownPage(page), loadedLater(later)];
  return bundle("app.js", { format: "esm", plugins });
}

/**
 * @param {Page} page
 * @param {string} runtime Path of the runtime.
 * @returns {Promise<string>} All scripts of the page, the runtime included.
 */
export function bundleOneFile(page, runtime) {
  const plugins = [ownPage(page), standIn(/\/runtime\/runtime\.js$/, runtime)];
  return bundle("single_file.js", { format: "iife", plugins });
}

/**
 * @param {Page} page
 * @returns {Promise<Record<string, string>>} Scripts that the page loads when it needs them, by name.
 */
export async function bundleLater(page) {
  /** @type {Record<string, string>} */
  const scripts = {};
  for (const name of LATER[page]) {
    scripts[name] = await bundle(`photo/${name}`, { format: "esm" });
  }
  return scripts;
}

/** @param {Page} page */
function ownPage(page) {
  return standIn(/^inkproof:page$/, join(SRC, page, "page.js"));
}

/**
 * @param {Record<string, string>} names From the names of scripts to those of their files, beside the page's.
 * @returns {import("esbuild").Plugin}
 */
function loadedLater(names) {
  return {
    name: "loaded-later",
    setup({ onResolve }) {
      onResolve({ filter: /./ }, ({ kind, path }) => {
        const file = kind === "dynamic-import" && names[basename(path)];
        return file ? { path: `./${file}`, external: true } : null;
      });
    },
  };
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
