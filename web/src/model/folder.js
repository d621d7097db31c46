/** The site's files, fetched from the folder of the page; index.html names them. */
import { element } from "../dom.js";
import { SiteError } from "./files.js";
/** @import { Files } from "../types" */

/** @type {Files} */
export const folder = {
  site: nameOf("site"),
  read: fetchFile,
  async loadRuntime() {
    try {
      return await import(element("runtime", HTMLLinkElement).href);
    } catch {
      throw new SiteError(`The file ${nameOf("runtime")} could not be loaded.`);
    }
  },
};

/** @param {string} id */
function nameOf(id) {
  return element(id, HTMLLinkElement).getAttribute("href") ?? "";
}

/** @param {string} url */
async function fetchFile(url) {
  try {
    const response = await fetch(url);
    if (response.ok) return await response.arrayBuffer();
    throw new SiteError(`The file ${url} could not be loaded: the server responded with ${response.status}.`);
  } catch (error) {
    if (error instanceof SiteError) throw error;
    throw new SiteError(`The file ${url} could not be loaded.`);
  }
}
