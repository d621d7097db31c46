/** The whole page as one file, that works when opened from a disk: styles, scripts and one model inside. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { bundle, SRC } from "./esbuild.mjs";

/**
 * @param {string} folder Where the page lies.
 * @param {object} parts
 * @param {string} parts.style The joined style sheet.
 * @param {string} parts.runtime Name of the runtime's file.
 * @param {string} parts.siteText `site.json`.
 * @param {string[]} parts.modelFiles The model that it starts with, the only one inside.
 * @returns {Promise<string>} HTML under a policy that allows its own script and style, by their hashes.
 */
export async function composeOneFile(folder, { style, runtime, siteText, modelFiles }) {
  const site = JSON.parse(siteText);
  const inside = { "site.json": inBase64(JSON.stringify({ ...site, variants: site.variants.slice(0, 1) })) };
  for (const file of modelFiles) inside[file] = inBase64(await readFile(join(folder, file)));
  const script = await bundleWithRuntime(resolve(folder, runtime));
  const policy = [
    "default-src 'none'",
    `script-src ${sourceOf(script)}`,
    `style-src ${sourceOf(style)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const page = await readFile(join(SRC, "index.html"), "utf8");
  return replaced(page, [
    [/(http-equiv="Content-Security-Policy" content=")[^"]*/, (_, start) => start + policy],
    [/^ *<link (?!rel="icon")[^>]*>\n/gm, () => ""],
    [/^ *<script [^>]*src=[^>]*><\/script>\n/m, () => ""],
    [/^ *<!-- the model -->\n/m, () => ""],
    ["</head>", () => `<style>${style}</style>\n  </head>`],
    // A classic script: from a disk browsers run no modules. At the end, as it does not wait for the page.
    [
      "</body>",
      () =>
        `<script type="application/json" id="files">${JSON.stringify(inside)}</script>\n` +
        `    <script>${script}</script>\n  </body>`,
    ],
  ]);
}

function replaced(text, replacements) {
  return replacements.reduce((all, [from, to]) => {
    if (all.search(from) < 0) throw new Error(`expected ${from} in index.html, found none`);
    return all.replace(from, to);
  }, text);
}

/** The app around the very runtime that the folder's page loads. */
async function bundleWithRuntime(runtime) {
  const plugin = {
    name: "the-proven-runtime",
    setup: ({ onResolve }) => onResolve({ filter: /\/runtime\/runtime\.js$/ }, () => ({ path: runtime })),
  };
  const script = await bundle("single_file.js", { format: "iife", plugins: [plugin] });
  if (/<\/script|<!--/i.test(script))
    throw new Error("expected a script that HTML can hold, found a tag in it");
  return script;
}

/** A script or style as a policy names it. */
function sourceOf(content) {
  return `'sha256-${createHash("sha256").update(content).digest("base64")}'`;
}

function inBase64(content) {
  return Buffer.from(content).toString("base64");
}
