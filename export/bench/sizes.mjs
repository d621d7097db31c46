// How small files get on the wire: node sizes.mjs RESULT FILE...     RESULT receives JSON: [[gzip, brotli], ...]

import { readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [result, ...files] = process.argv.slice(2);
const sizes = files.map((file) => {
  const content = readFileSync(file);
  const gzip = gzipSync(content, { level: constants.Z_BEST_COMPRESSION });
  return [gzip.length, brotliCompressSync(content).length]; // Node's default is the highest quality
});
writeFileSync(result, JSON.stringify(sizes));
