/**
 * Builds the page: node build/page.mjs FOLDER
 *
 * FOLDER holds runtime-HASH.js (build/runtime.mjs), site.json and the models that it names. It receives the
 * rest: index.html and sw.js, which a host must not cache for long, inkproof.html, which is the whole page as
 * one file, if its model is small, and everything else under names with a hash. Only index.html and sw.js contain
 * those names.
 */
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compressAll } from "./compress.mjs";
import { hashOf, writeHashed } from "./content_hash.mjs";
import { bundle, runScript, SRC } from "./esbuild.mjs";
import { bundleApp, bundleLater, composeHtml, composeWebManifest, pageFor } from "./pages.mjs";
import { composeOneFile } from "./single_file.mjs";

/** @import { Site } from "../src/types" */
/** @import { Page } from "./pages.mjs" */

/** What the policy of the page allows of scripts. */
const OWN_SCRIPTS = "script-src 'self'";

const ICONS = ["icon-192.png", "icon-512.png"];

/** A browser reads a larger page more slowly than anybody waits for one. */
const MOST_BYTES_IN_ONE_FILE = 10_000_000;

/** @param {string[]} options */
async function main([folder, ...rest]) {
  if (!folder || rest.length > 0) throw new Error("expected: node build/page.mjs FOLDER");
  const siteText = await readFile(join(folder, "site.json"), "utf8");
  /** @type {Site} */
  const { contract, variants } = JSON.parse(siteText);
  const page = pageFor(contract);
  const modelFiles = await filesOfModel(folder, variants[0].url);
  const runtime = (await readdir(folder)).find((name) => /^runtime-\w+\.js$/.test(name));
  if (!runtime) throw new Error(`expected a runtime-HASH.js in ${folder}, found none`);
  const policy = await policyFor(join(folder, runtime));
  const html = await composeHtml(page);
  const style = await bundle("styles/style.css");
  const later = await writeFiles(folder, await bundleLater(page));
  const sources = { "app.js": await bundleApp(page, later), "style.css": style, "site.json": siteText };
  const names = { ...later, ...(await writeFiles(folder, sources)), "runtime.js": runtime };
  const icons = await writeIcons(folder, page);
  const index = composeIndex(
    html.replace(OWN_SCRIPTS, `${OWN_SCRIPTS}${policy}`),
    { ...names, ...icons },
    modelFiles,
  );
  const worker = await bundleWorker(index, [...Object.values(names), ...modelFiles]);
  if (variants[0].bytes <= MOST_BYTES_IN_ONE_FILE) {
    const oneFile = await composeOneFile(folder, {
      page,
      html,
      policy,
      style,
      runtime,
      siteText,
      modelFiles,
    });
    await writeFile(join(folder, "inkproof.html"), oneFile);
  }
  await rm(join(folder, "site.json"));
  await writeFile(join(folder, "index.html"), index);
  await writeFile(join(folder, "sw.js"), worker);
  await compressAll(folder);
}

/**
 * @param {string} runtime Path of the runtime file.
 * @returns {Promise<string>} What the policy must allow of scripts besides: to compile WebAssembly, or nothing.
 */
async function policyFor(runtime) {
  return /\bWebAssembly\b/.test(await readFile(runtime, "utf8")) ? " 'wasm-unsafe-eval'" : "";
}

/**
 * @param {string} folder
 * @param {string} url The model.json that the page starts with, relative to the page.
 * @returns {Promise<string[]>} It and its shards.
 */
async function filesOfModel(folder, url) {
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

/**
 * @param {string} folder Receives the web manifest too, by whose name browsers recognise an installed app.
 * @param {Page} page
 */
async function writeIcons(folder, page) {
  const pictures = await Promise.all(ICONS.map((name) => readFile(join(SRC, "icons", name))));
  const names = await writeFiles(folder, Object.fromEntries(ICONS.map((name, i) => [name, pictures[i]])));
  await writeFile(join(folder, "manifest.webmanifest"), renamed(await composeWebManifest(page), names));
  return names;
}

/**
 * @param {string} html
 * @param {Record<string, string>} names From the names in it to the hashed ones.
 * @param {string[]} modelFiles They are named in the head, so that they load beside the scripts.
 */
function composeIndex(html, names, modelFiles) {
  const preloads = modelFiles.map((url) => `<link rel="preload" as="fetch" crossorigin href="${url}">`);
  return renamed(html, names).replace("<!-- the model -->", preloads.join("\n    "));
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
