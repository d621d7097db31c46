/**
 * Says which backend the page's runtime gets: node build/backend.mjs MODEL...
 *
 * Each MODEL is the folder of a graph model, all of them variants of one. Prints the first of these that fits:
 *
 * - `wasm`, TensorFlow.js's WebAssembly backend with SIMD, for models that plain JavaScript is too slow for: 150 kB
 *   over the wire, and a policy that allows to compile it;
 * - `plain`, the page's own code: 4 kB;
 * - `cpu`, TensorFlow.js's plain JavaScript backend, for models of other operations than `plain` knows: 50 kB.
 *
 * The last two start at once and run under the strictest policy. Operations are counted, not seconds, so that the
 * same model gets the same page on every machine.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { load } from "../src/runtime/runtime_plain.js";
import { runScript } from "./esbuild.mjs";
import { multiplications } from "./multiplications.mjs";

/**
 * Side by side in Node, on two cores that others used too, a picture took in plain JavaScript and WebAssembly: 15 and
 * 3 ms with 4.6 million multiplications (Keras's CNN for CIFAR-10), 97 and 32 ms with 39 million (six convolutions of
 * 32 x 32 pixels), 613 and 61 ms with 58 million (MobileNetV2 at 96 x 96), 1.9 s and 156 ms with 312 million (at
 * 224 x 224). Up to this many, nobody waits for either.
 */
const MOST_IN_PLAIN_JAVASCRIPT = 20_000_000;

/** @param {string[]} folders */
async function main(folders) {
  if (folders.length === 0) throw new Error("expected: node build/backend.mjs MODEL...");
  const models = await Promise.all(folders.map(read));
  const [{ modelJson, weights }] = models;
  if ((await multiplications(modelJson, weights)) > MOST_IN_PLAIN_JAVASCRIPT) return console.log("wasm");
  const loaded = await Promise.allSettled(models.map((model) => load(model.modelJson, model.weights)));
  console.log(loaded.every(({ status }) => status === "fulfilled") ? "plain" : "cpu");
}

/** @param {string} folder */
async function read(folder) {
  /** @type {import("../src/runtime/plain/graph.js").GraphModel} */
  const modelJson = JSON.parse(await readFile(join(folder, "model.json"), "utf8"));
  const paths = modelJson.weightsManifest.flatMap((group) => group.paths);
  const shards = await Promise.all(paths.map((path) => readFile(join(folder, path))));
  return { modelJson, weights: await new Blob(shards).arrayBuffer() };
}

await runScript("build/backend.mjs", main);
