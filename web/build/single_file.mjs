/** The whole page as one file that works when opened from a disk, with styles, scripts and one model inside. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { bundleOneFile } from "./pages.mjs";

/**
 * @param {string} folder The one of the page.
 * @param {object} parts
 * @param {import("./pages.mjs").Page} parts.page
 * @param {string} parts.html The page as it is in a folder.
 * @param {string} parts.policy What it allows of scripts besides its own.
 * @param {string} parts.style The joined style sheet.
 * @param {string} parts.runtime Name of the runtime's file.
 * @param {string} parts.siteText `site.json`.
 * @param {string[]} parts.modelFiles The model that it starts with, the only one inside.
 * @returns {Promise<string>} HTML under a policy that allows its own script and style, by their hashes.
 */
export async function composeOneFile(folder, parts) {
  const { page, html, style, siteText, modelFiles } = parts;
  /** @type {import("../src/types").Site} */
  const site = JSON.parse(siteText);
  const withOneModel = JSON.stringify({ ...site, variants: site.variants.slice(0, 1) });
  /** @type {Record<string, string>} */
  const inside = { "site.json": inBase64(withOneModel) };
  for (const file of modelFiles) inside[file] = inBase64(await readFile(join(folder, file)));
  const script = await bundleOneFile(page, resolve(folder, parts.runtime));
  if (/<\/script|<!--/i.test(script))
    throw new Error("expected a script that HTML can hold, found a tag in it");
  const policy = [
    "default-src 'none'",
    `script-src ${sourceOf(script)}${parts.policy}`,
    `style-src ${sourceOf(style)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const files = `<script type="application/json" id="files">${JSON.stringify(inside)}</script>`;
  /** @type {[RegExp | string, string][]} */
  const replacements = [
    [/(?<=http-equiv="Content-Security-Policy" content=")[^"]*/, policy],
    [/^ *<link (?!rel="icon")[^>]*>\n/gm, ""],
    [/^ *<script [^>]*src=[^>]*><\/script>\n/m, ""],
    [/^ *<!-- the model -->\n/m, ""],
    ["</head>", `<style>${style}</style>\n  </head>`],
    // A classic script: browsers run no modules from a disk. At the end, as it does not wait for the page.
    ["</body>", `${files}\n    <script>${script}</script>\n  </body>`],
  ];
  return replacements.reduce((text, [from, to]) => {
    if (text.search(from) < 0) throw new Error(`expected ${from} in index.html, found none`);
    return text.replace(from, () => to);
  }, html);
}

/** @param {string} content A script or style. @returns {string} Its name in a policy. */
function sourceOf(content) {
  return `'sha256-${createHash("sha256").update(content).digest("base64")}'`;
}

/** @param {string | Buffer} content */
function inBase64(content) {
  return Buffer.from(content).toString("base64");
}
