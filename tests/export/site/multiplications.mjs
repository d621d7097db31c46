/** multiplications.mjs WEB MODEL_FOLDER: prints how much a graph model computes for one picture. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [web, folder] = process.argv.slice(2);
/** @type {typeof import("../../../web/build/multiplications.mjs")} */
const { multiplications } = await import(pathToFileURL(join(web, "build/multiplications.mjs")).href);
const modelJson = JSON.parse(await readFile(join(folder, "model.json"), "utf8"));
const weights = await readFile(join(folder, "group1-shard1of1.bin"));
console.log(await multiplications(modelJson, await new Blob([weights]).arrayBuffer()));
