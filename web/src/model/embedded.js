/** The page as one file, opened from a disk: what else lies beside it is inside, in base64. */
import { SiteError, fromBase64 } from "./files.js";
import { start } from "./page.js";
import * as runtime from "./runtime.js";

const contents = JSON.parse(document.getElementById("files").textContent);

/** @type {import("./files.js").Files} */
const inside = {
  site: "site.json",
  loadRuntime: async () => runtime,
  async read(path) {
    if (!Object.hasOwn(contents, path)) throw new SiteError(`The file ${path} is not inside this page.`);
    return fromBase64(contents[path]).buffer;
  },
};

start(inside);
