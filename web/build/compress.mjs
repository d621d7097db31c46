/** Compressed files beside the files of a folder, for hosts that send them as they are. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** Extensions; PNG is compressed already. */
const COMPRESSIBLE = new Set([".bin", ".css", ".html", ".js", ".json", ".webmanifest"]);

const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

/** @param {string} folder For every file in it that gets smaller by that, FILE.br and FILE.gz are written. */
export async function compressAll(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && COMPRESSIBLE.has(extname(entry.name)));
  await Promise.all(files.map(({ parentPath, name }) => compress(join(parentPath, name))));
}

/** @param {string} file */
async function compress(file) {
  const content = await readFile(file);
  const best = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  const [brotli, gzipped] = await Promise.all([
    toBrotli(content, { params: best }), // Node's default is the highest quality, 11
    toGzip(content, { level: constants.Z_BEST_COMPRESSION }),
  ]);
  if (brotli.length < content.length) await writeFile(`${file}.br`, brotli);
  if (gzipped.length < content.length) await writeFile(`${file}.gz`, gzipped);
}
