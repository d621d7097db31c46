// Opens a TensorFlow.js model in Node.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
/** @import { Predict } from "./batches.mjs" */

/**
 * @param {string} backend `graph-wasm`, `graph-page`, `layers-wasm` or `layers-cpu`.
 * @param {string} folder The one with its model.json.
 * @param {number[]} shape Of one image: height, width, channels.
 * @param {string} web The folder whose node_modules hold TensorFlow.js.
 * @param {string} pageRuntime The runtime.js that the page ships.
 * @returns {Promise<Predict>}
 */
export async function open(backend, folder, shape, web, pageRuntime) {
  const [kind, name] = backend.split("-");
  if (name === "page") {
    const { load } = await import(pathToFileURL(pageRuntime).href);
    const { json, weights } = readModel(folder);
    return (await load(json, weights)).predict;
  }
  const { tf, model } = await openWithPackages(kind, name, folder, web);
  return (pixels, count) => tf.tidy(() => model.predict(tf.tensor(pixels, [count, ...shape])).dataSync());
}

/**
 * @param {string} folder The one with its model.json.
 * @param {Float32Array} pixels Of one image.
 * @param {number[]} shape 1, height, width, channels.
 * @param {string} web The folder whose node_modules hold TensorFlow.js.
 * @returns {Promise<{shape: number[], values: number[]}[]>} The output of every node or layer for the image.
 */
export async function tensors(folder, pixels, shape, web) {
  const kind = readModel(folder).json.format === "layers-model" ? "layers" : "graph";
  const { tf, model, json, layers } = await openWithPackages(kind, "cpu", folder, web);
  const image = tf.tensor(pixels, shape);
  let outputs;
  if (kind === "graph") {
    const { node } = /** @type {{node: {name: string, op: string}[]}} */ (json.modelTopology);
    const names = node.filter(({ op }) => op !== "Const" && op !== "Placeholder").map(({ name }) => name);
    outputs = model.execute(image, names);
  } else {
    const ofLayers = model.layers.flatMap((/** @type {any} */ layer) => layer.output);
    outputs = layers.model({ inputs: model.inputs, outputs: ofLayers }).predict(image);
  }
  return [outputs].flat().map((tensor) => ({ shape: tensor.shape, values: [...tensor.dataSync()] }));
}

/**
 * Ends this process with the first line of an error, without the stack that Node would print.
 *
 * @param {unknown} error
 * @returns {never}
 */
export function fail(error) {
  console.error(String(error).split("\n", 1)[0]);
  process.exit(1);
}

/** @param {string} folder Where model.json and its shards are. */
function readModel(folder) {
  /** @type {import("@tensorflow/tfjs-core").io.ModelJSON} */
  const json = JSON.parse(readFileSync(join(folder, "model.json"), "utf8"));
  const paths = json.weightsManifest.flatMap((group) => group.paths);
  const shards = Buffer.concat(paths.map((path) => readFileSync(join(folder, path))));
  const weights = shards.buffer.slice(shards.byteOffset, shards.byteOffset + shards.byteLength);
  return { json, weights };
}

/**
 * @param {string} kind `graph` or `layers`.
 * @param {string} backend `wasm` or `cpu`.
 * @param {string} folder The one with the model.json.
 * @param {string} web The folder whose node_modules hold TensorFlow.js.
 * @returns The model as TensorFlow.js's own packages load it, and those packages.
 */
async function openWithPackages(kind, backend, folder, web) {
  const require = createRequire(join(web, "package.json"));
  const tf = require("@tensorflow/tfjs-core");
  const layers = require("@tensorflow/tfjs-layers");
  const { json, weights } = readModel(folder);
  const specs = json.weightsManifest.flatMap((group) => group.weights);
  const handler = { load: async () => tf.io.getModelArtifactsForJSONSync(json, specs, weights) };
  const ofBackend = require(`@tensorflow/tfjs-backend-${backend}`);
  if (backend === "wasm") {
    ofBackend.setWasmPaths(join(web, "node_modules/@tensorflow/tfjs-backend-wasm/dist/"));
    ofBackend.setThreadsCount(1); // the other cores run other targets
  }
  if (!(await tf.setBackend(backend))) throw new Error(`expected the ${backend} backend, it did not start`);
  const model =
    kind === "graph"
      ? await require("@tensorflow/tfjs-converter").loadGraphModel(handler)
      : await layers.loadLayersModel(handler);
  return { tf, layers, model, json };
}
