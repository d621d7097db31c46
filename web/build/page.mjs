/**
 * Builds the page: node build/page.mjs FOLDER
 *
 * FOLDER holds runtime-HASH.js (build/runtime.mjs), site.json and the models that it names. It receives the
 * rest: index.html and sw.js, which a host must not cache for long, inkproof.html, which is the whole page as
 * one file, and everything else under names with a hash. Only index.html and sw.js contain those names.
 */
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compressAll } from "./compress.mjs";
import { hashOf, writeHashed } from "./content_hash.mjs";
import { bundle, runScript, SRC } from "./esbuild.mjs";
import { composeOneFile } from "./single_file.mjs";

/** @import { Site } from "../src/types" */

const ICONS = ["icon-192.png", "icon-512.png"];

/** @param {string[]} options */
async function main([folder, ...rest]) {
  if (!folder || rest.length > 0) throw new Error("expected: node build/page.mjs FOLDER");
  const siteText = await readFile(join(folder, "site.json"), "utf8");
  const modelFiles = await filesOfFirstModel(folder, siteText);
  const runtime = (await readdir(folder)).find((name) => /^runtime-\w+\.js$/.test(name));
  if (!runtime) throw new Error(`expected a runtime-HASH.js in ${folder}, found none`);
  const style = await bundle("styles/style.css");
  const app = await bundle("app.js", { format: "esm" });
  const sources = { "app.js": app, "style.css": style, "site.json": siteText };
  const names = { ...(await writeFiles(folder, sources)), "runtime.js": runtime };
  const index = await composeIndex({ ...names, ...(await writeIcons(folder)) }, modelFiles);
  const worker = await bundleWorker(index, [...Object.values(names), ...modelFiles]);
  const oneFile = await composeOneFile(folder, { style, runtime, siteText, modelFiles });
  await rm(join(folder, "site.json"));
  await writeFile(join(folder, "index.html"), index);
  await writeFile(join(folder, "sw.js"), worker);
  await writeFile(join(folder, "inkproof.html"), oneFile);
  await compressAll(folder);
}

/**
 * @param {string} folder
 * @param {string} siteText
 * @returns {Promise<string[]>} The model.json that the page starts with, and its shards, relative to the page.
 */
async function filesOfFirstModel(folder, siteText) {
  const [{ url }] = /** @type {Site} */ (JSON.parse(siteText)).variants;
  /** @type {{weightsManifest: {paths: string[]}[]}} */
  const { weightsManifest } = JSON.parse(await readFile(join(folder, url), "utf8"));
  const home = url.slice(0, url.lastIndexOf("/") + 1);
  return [url, ...weightsManifest.flatMap(({ paths }) => paths.map((path) => home + path))];
}

/**
 * @param {string} folder
 * @param {Record<string, string | Uint8Array>} contents By name.
 * @returns {Promise<Record<string, string>>} From each name to the hashed one that its content was written under.
 */
async function writeFiles(folder, contents) {
  const names = Object.keys(contents);
  const hashed = await Promise.all(names.map((name) => writeHashed(folder, name, contents[name])));
  return Object.fromEntries(names.map((name, i) => [name, hashed[i]]));
}

/** @param {string} folder Receives the web manifest too, by whose name browsers recognise an installed app. */
async function writeIcons(folder) {
  const pictures = await Promise.all(ICONS.map((name) => readFile(join(SRC, "icons", name))));
  const names = await writeFiles(folder, Object.fromEntries(ICONS.map((name, i) => [name, pictures[i]])));
  const manifest = await readFile(join(SRC, "manifest.webmanifest"), "utf8");
  await writeFile(join(folder, "manifest.webmanifest"), renamed(manifest, names));
  return names;
}

/**
 * @param {Record<string, string>} names From the names in the sources to the hashed ones.
 * @param {string[]} modelFiles They are named in the head, so that they load beside the scripts.
 */
async function composeIndex(names, modelFiles) {
  const preloads = modelFiles.map((url) => `<link rel="preload" as="fetch" crossorigin href="${url}">`);
  const source = await readFile(join(SRC, "index.html"), "utf8");
  return renamed(source, names).replace("<!-- the model -->", preloads.join("\n    "));
}

/** @param {string} text @param {Record<string, string>} names Quoted in the text, to be replaced by hashed ones. */
function renamed(text, names) {
  return text.replace(/"([\w.-]+)"/g, (quoted, name) =>
    Object.hasOwn(names, name) ? `"${names[name]}"` : quoted,
  );
}

/** @param {string} index @param {string[]} files To be stored for use without a network. */
function bundleWorker(index, files) {
  const define = { VERSION: JSON.stringify(hashOf(index)), FILES: JSON.stringify(files) };
  return bundle("sw.js", { format: "iife", define });
}

await runScript("build/page.mjs", main);
