/**
 * run_bare.mjs FOLDER INPUTS SHAPE RESULT WEB: runs a converter's model in Node, one picture at a time.
 *
 * As its users do who know nothing of it: a graph with loops by `executeAsync`. Inputs and result are
 * little-endian float32; the shape, `12,12,1`, is that of one input.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder, inputs, shape, result, web] = process.argv.slice(2);
const require = createRequire(join(web, "package.json"));
const tf = require("@tensorflow/tfjs-core");
const { setWasmPaths } = require("@tensorflow/tfjs-backend-wasm");
setWasmPaths(join(web, "node_modules/@tensorflow/tfjs-backend-wasm/dist/"));
await tf.setBackend("wasm");

/** @type {import("@tensorflow/tfjs-core").io.ModelJSON} */
const json = JSON.parse(readFileSync(join(folder, "model.json"), "utf8"));
const specs = json.weightsManifest.flatMap((group) => group.weights);
const paths = json.weightsManifest.flatMap((group) => group.paths);
const bytes = new Uint8Array(Buffer.concat(paths.map((path) => readFileSync(join(folder, path)))));
const handler = { load: async () => tf.io.getModelArtifactsForJSONSync(json, specs, bytes.buffer) };
const isGraph = json.format === "graph-model";
const model = isGraph
  ? await require("@tensorflow/tfjs-converter").loadGraphModel(handler)
  : await require("@tensorflow/tfjs-layers").loadLayersModel(handler);

const sides = shape.split(",").map(Number);
const size = sides.reduce((product, side) => product * side, 1);
const file = readFileSync(inputs);
const numbers = new Float32Array(file.buffer, file.byteOffset, file.byteLength / 4);
const outputs = [];
for (let start = 0; start < numbers.length; start += size) {
  const picture = tf.tensor(numbers.slice(start, start + size), [1, ...sides]);
  const found = isGraph ? await model.executeAsync(picture) : model.predict(picture);
  outputs.push(...[found].flat()[0].dataSync());
}
writeFileSync(result, Float32Array.from(outputs));
