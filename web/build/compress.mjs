/** Compressed files beside the files of a folder, for hosts that send them as they are. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** Extensions; PNG is compressed already. */
const COMPRESSIBLE = new Set([".bin", ".css", ".html", ".js", ".json", ".webmanifest"]);

/**
 * From this size on a file is compressed less, but fast: brotli's best takes 150 s for the 14 MB of MobileNetV2's
 * weights, which are then 12.5 MB, and its quality of 5 takes 0.5 s for 12.7 MB.
 */
const LARGE = 1_000_000;

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
  const large = content.length >= LARGE;
  const params = {
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    [constants.BROTLI_PARAM_QUALITY]: large ? 5 : constants.BROTLI_MAX_QUALITY,
  };
  const level = large ? constants.Z_DEFAULT_COMPRESSION : constants.Z_BEST_COMPRESSION;
  const [brotli, gzipped] = await Promise.all([toBrotli(content, { params }), toGzip(content, { level })]);
  if (brotli.length < content.length) await writeFile(`${file}.br`, brotli);
  if (gzipped.length < content.length) await writeFile(`${file}.gz`, gzipped);
}
