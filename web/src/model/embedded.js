/** The site's files within the page itself, in base64: for a page that is opened from a disk. */
import { element } from "../dom.js";
import * as runtime from "../runtime/runtime.js";
import { fromBase64, SiteError } from "./files.js";

/** @import { Files } from "../types" */

/** @type {Record<string, string>} */
const contents = JSON.parse(element("files", HTMLScriptElement).text);

/** @type {Files} */
export const embedded = {
  site: "site.json",
  loadRuntime: async () => runtime,
  async read(path) {
    if (!Object.hasOwn(contents, path)) throw new SiteError(`The file ${path} is not inside this page.`);
    return fromBase64(contents[path]).buffer;
  },
};
