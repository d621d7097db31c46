/** The site's files, fetched from the folder of the page; index.html knows their names. */
import { SiteError } from "./files.js";

/** @type {import("./files.js").Files} */
export const folder = {
  site: nameOf("site"),
  read: fetchFile,
  async loadRuntime() {
    try {
      return await import(document.getElementById("runtime").href);
    } catch {
      throw new SiteError(`The file ${nameOf("runtime")} could not be loaded.`);
    }
  },
};

function nameOf(id) {
  return document.getElementById(id).getAttribute("href");
}

async function fetchFile(url) {
  try {
    const response = await fetch(url);
    if (response.ok) return await response.arrayBuffer();
    throw new SiteError(`The file ${url} could not be loaded: the server answered ${response.status}.`);
  } catch (error) {
    if (error instanceof SiteError) throw error;
    throw new SiteError(`The file ${url} could not be loaded.`);
  }
}
