/** What the page reads, wherever it lies: on a host, or inside of the page itself. */

/** Something that the page needs is missing or damaged; the message is meant for the person in front of it. */
export class SiteError extends Error {}

/**
 * @typedef {object} Files
 * @property {string} site Path of `site.json`.
 * @property {(path: string) => Promise<ArrayBuffer>} read Throws a SiteError if there is no such file.
 * @property {() => Promise<typeof import("../runtime/runtime.js")>} loadRuntime Likewise.
 */

/**
 * @param {Files} files
 * @param {string} path
 * @returns {Promise<any>}
 * @throws {SiteError} If it is missing or not JSON.
 */
export async function readJson(files, path) {
  const bytes = await files.read(path);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new SiteError(`The file ${path} is damaged: it is not JSON.`);
  }
}

/** What a text in base64 stands for. */
export function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
