/** Files with a hash of their content in their names, so that a cache may keep them for ever. */
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { extname, join } from "node:path";

const DIGITS = 10; // of 16 values each: no two versions of a file will ever share a name

/**
 * @param {string} folder
 * @param {string} name
 * @param {string | Uint8Array} content
 * @returns {Promise<string>} The name that the file was written under: style.css becomes style-0a1b2c3d4e.css.
 */
export async function writeHashed(folder, name, content) {
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  const hashed = `${stem}-${hashOf(content)}${extension}`;
  await writeFile(join(folder, hashed), content);
  return hashed;
}

/** @param {string | Uint8Array} content @returns {string} The first digits of its SHA-256. */
export function hashOf(content) {
  return createHash("sha256").update(content).digest("hex").slice(0, DIGITS);
}
