/** What the page reads, wherever it is stored: on a host, or inside the page itself. */
/** @import { Files } from "../types" */

/** Something that the page needs is missing or damaged; the message is meant for the person who sees the page. */
export class SiteError extends Error {}

/** @param {any} error @returns {string} One or two sentences for the person who sees the page. */
export function reasonOf(error) {
  return error instanceof SiteError ? error.message : `Something went wrong: ${error.message}.`;
}

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

/** @param {string} text Bytes in base64. */
export function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
