// Opens a TensorFlow.js model in Node.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * How to predict with a model: (pixels, count) -> probabilities.
 *
 * @param {string} backend `graph-wasm`, `graph-page`, `layers-wasm` or `layers-cpu`.
 * @param {string} folder Where its model.json lies.
 * @param {number[]} shape Of one picture: height, width, channels.
 * @param {string} web The folder whose node_modules hold TensorFlow.js.
 * @param {string} pageRuntime The runtime.js that the page ships.
 */
export async function open(backend, folder, shape, web, pageRuntime) {
  const [kind, name] = backend.split("-");
  return name === "page"
    ? predictWithPage(folder, pageRuntime)
    : predictWithPackages(kind, name, folder, shape, web);
}

/**
 * What every node or layer of a model makes of one picture: [{shape, values}, ...].
 *
 * @param {string} folder Where its model.json lies.
 * @param {Float32Array} pixels The picture's.
 * @param {number[]} shape 1, height, width, channels.
 * @param {string} web The folder whose node_modules hold TensorFlow.js.
 */
export async function tensors(folder, pixels, shape, web) {
  const require = createRequire(join(web, "package.json"));
  const kind = readModel(folder).json.format === "layers-model" ? "layers" : "graph";
  const { tf, model, json } = await openWithPackages(kind, "cpu", folder, require, web);
  const given = tf.tensor(pixels, shape);
  let found;
  if (kind === "graph") {
    const nodes = json.modelTopology.node.filter(({ op }) => op !== "Const" && op !== "Placeholder");
    found = model.execute(
      given,
      nodes.map((node) => node.name),
    );
  } else {
    const outputs = model.layers.flatMap((layer) => layer.output);
    found = require("@tensorflow/tfjs-layers").model({ inputs: model.inputs, outputs }).predict(given);
  }
  return [found].flat().map((tensor) => ({ shape: tensor.shape, values: [...tensor.dataSync()] }));
}

/** Ends this process with the first line of an error, without the stack that Node would print. */
export function fail(error) {
  console.error(String(error).split("\n", 1)[0]);
  process.exit(1);
}

/** The model.json and its shards, read from disk. */
function readModel(folder) {
  const json = JSON.parse(readFileSync(join(folder, "model.json"), "utf8"));
  const paths = json.weightsManifest.flatMap((group) => group.paths);
  const shards = Buffer.concat(paths.map((path) => readFileSync(join(folder, path))));
  const weights = shards.buffer.slice(shards.byteOffset, shards.byteOffset + shards.byteLength);
  return { json, weights };
}

/** How to predict with TensorFlow.js's own packages. */
async function predictWithPackages(kind, name, folder, shape, web) {
  const { tf, model } = await openWithPackages(
    kind,
    name,
    folder,
    createRequire(join(web, "package.json")),
    web,
  );
  return (pixels, count) => tf.tidy(() => model.predict(tf.tensor(pixels, [count, ...shape])).dataSync());
}

/** The model as TensorFlow.js's own packages load it, on one of their backends. */
async function openWithPackages(kind, name, folder, require, web) {
  const tf = require("@tensorflow/tfjs-core");
  const { json, weights } = readModel(folder);
  const specs = json.weightsManifest.flatMap((group) => group.weights);
  const handler = { load: async () => tf.io.getModelArtifactsForJSONSync(json, specs, weights) };
  if (name === "wasm") {
    const wasm = require("@tensorflow/tfjs-backend-wasm");
    wasm.setWasmPaths(join(web, "node_modules/@tensorflow/tfjs-backend-wasm/dist/"));
    wasm.setThreadsCount(1); // the other cores run other targets
  } else {
    require("@tensorflow/tfjs-backend-cpu");
  }
  if (!(await tf.setBackend(name))) throw new Error(`expected the ${name} backend, it did not start`);
  const model =
    kind === "graph"
      ? await require("@tensorflow/tfjs-converter").loadGraphModel(handler)
      : await require("@tensorflow/tfjs-layers").loadLayersModel(handler);
  return { tf, model, json };
}

/** How to predict with the very file that the page ships. */
async function predictWithPage(folder, pageRuntime) {
  const { load } = await import(pathToFileURL(pageRuntime).href);
  const { json, weights } = readModel(folder);
  const model = await load(json, weights);
  return (pixels, count) => model.predict(pixels, count);
}
