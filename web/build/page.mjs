/**
 * Builds the page: node build/page.mjs FOLDER
 *
 * FOLDER holds runtime-HASH.js (build/runtime.mjs), site.json and the models that it names. It receives the
 * rest: index.html and sw.js, which a host must not cache for long, inkproof.html, which is the whole page as
 * one file, and everything else under names that carry a hash. Nothing but index.html knows those names.
 */
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compressAll } from "./compress.mjs";
import { hashOf, writeHashed } from "./content_hash.mjs";
import { bundle, runScript, SRC } from "./esbuild.mjs";
import { composeOneFile } from "./single_file.mjs";

const ICONS = ["icon-192.png", "icon-512.png"];

async function main([folder, ...rest]) {
  if (!folder || rest.length > 0) throw new Error("expected: node build/page.mjs FOLDER");
  const siteText = await readFile(join(folder, "site.json"), "utf8");
  const [model] = JSON.parse(siteText).variants; // the first is the one that the page starts with
  const modelFiles = await filesOf(model, folder);
  const runtime = (await readdir(folder)).find((name) => /^runtime-\w+\.js$/.test(name));
  if (!runtime) throw new Error(`expected a runtime-HASH.js in ${folder}, found none`);
  const style = await bundle("styles/style.css", {});

  const names = await writeFiles(folder, {
    "app.js": await bundle("app.js", { format: "esm" }),
    "style.css": style,
    "site.json": siteText,
  });
  await rm(join(folder, "site.json"));
  names["runtime.js"] = runtime;
  const icons = await writeIcons(folder);
  const index = composeIndex(
    await readFile(join(SRC, "index.html"), "utf8"),
    { ...names, ...icons },
    modelFiles,
  );
  await writeFile(join(folder, "index.html"), index);
  const firstVisit = [...Object.values(names), ...modelFiles];
  await writeFile(join(folder, "sw.js"), await bundleWorker(index, firstVisit));
  await writeFile(
    join(folder, "inkproof.html"),
    await composeOneFile(folder, { style, runtime, siteText, modelFiles }),
  );
  await compressAll(folder);
}

/** A model.json and its shards, relative to the page. */
async function filesOf({ url }, folder) {
  const { weightsManifest } = JSON.parse(await readFile(join(folder, url), "utf8"));
  const home = url.slice(0, url.lastIndexOf("/") + 1);
  return [url, ...weightsManifest.flatMap(({ paths }) => paths.map((path) => home + path))];
}

/** @returns {Promise<Record<string, string>>} From the name in the sources to the hashed one. */
async function writeFiles(folder, contents) {
  const pairs = Object.entries(contents).map(async ([name, content]) => [
    name,
    await writeHashed(folder, name, content),
  ]);
  return Object.fromEntries(await Promise.all(pairs));
}

/** The icons, and the web manifest: that one keeps its name, by which browsers know an installed app again. */
async function writeIcons(folder) {
  const pairs = ICONS.map(async (name) => [name, await readFile(join(SRC, "icons", name))]);
  const names = await writeFiles(folder, Object.fromEntries(await Promise.all(pairs)));
  const manifest = await readFile(join(SRC, "manifest.webmanifest"), "utf8");
  await writeFile(join(folder, "manifest.webmanifest"), renamed(manifest, names));
  return names;
}

/** index.html with the hashed names, and with the model named so early that it loads beside the scripts. */
function composeIndex(source, names, modelFiles) {
  const preloads = modelFiles.map((url) => `<link rel="preload" as="fetch" crossorigin href="${url}">`);
  return renamed(source, names).replace("<!-- the model -->", preloads.join("\n    "));
}

/** A text with each quoted name of a file replaced by its hashed one. */
function renamed(text, names) {
  return Object.entries(names).reduce(
    (all, [name, hashed]) => all.replaceAll(`"${name}"`, `"${hashed}"`),
    text,
  );
}

function bundleWorker(index, files) {
  const define = { VERSION: JSON.stringify(hashOf(index)), FILES: JSON.stringify(files) };
  return bundle("sw.js", { format: "iife", define });
}

await runScript("build/page.mjs", main);
