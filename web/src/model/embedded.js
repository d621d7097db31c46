/** The site's files within the page itself, in base64: for a page that is opened from a disk. */

import * as runtime from "../runtime/runtime.js";
import { fromBase64, SiteError } from "./files.js";

const contents = JSON.parse(document.getElementById("files").textContent);

/** @type {import("./files.js").Files} */
export const embedded = {
  site: "site.json",
  loadRuntime: async () => runtime,
  async read(path) {
    if (!Object.hasOwn(contents, path)) throw new SiteError(`The file ${path} is not inside this page.`);
    return fromBase64(contents[path]).buffer;
  },
};
