// Opens a TensorFlow.js model in Node.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

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
  const [kind, name] = backend.split('-');
  return name === 'page' ? openWithPage(folder, pageRuntime) : openWithPackages(kind, name, folder, shape, web);
}

/** The model.json and its shards, read from disk. */
function readModel(folder) {
  const json = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
  const paths = json.weightsManifest.flatMap((group) => group.paths);
  const shards = Buffer.concat(paths.map((path) => readFileSync(join(folder, path))));
  const weights = shards.buffer.slice(shards.byteOffset, shards.byteOffset + shards.byteLength);
  return { json, weights };
}

/** With TensorFlow.js's own packages. */
async function openWithPackages(kind, name, folder, shape, web) {
  const require = createRequire(join(web, 'package.json'));
  const tf = require('@tensorflow/tfjs-core');
  const { json, weights } = readModel(folder);
  const specs = json.weightsManifest.flatMap((group) => group.weights);
  const handler = { load: async () => tf.io.getModelArtifactsForJSONSync(json, specs, weights) };
  if (name === 'wasm') {
    const wasm = require('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(join(web, 'node_modules/@tensorflow/tfjs-backend-wasm/dist/'));
    wasm.setThreadsCount(1); // the other cores run other targets
  } else {
    require('@tensorflow/tfjs-backend-cpu');
  }
  if (!(await tf.setBackend(name))) throw new Error(`expected the ${name} backend, it did not start`);
  const model =
    kind === 'graph'
      ? await require('@tensorflow/tfjs-converter').loadGraphModel(handler)
      : await require('@tensorflow/tfjs-layers').loadLayersModel(handler);
  return (pixels, count) => tf.tidy(() => model.predict(tf.tensor(pixels, [count, ...shape])).dataSync());
}

/** With the very file that the page ships. */
async function openWithPage(folder, pageRuntime) {
  const { load } = await import(pathToFileURL(pageRuntime).href);
  const { json, weights } = readModel(folder);
  const model = await load(json, weights);
  return (pixels, count) => model.predict(pixels, count);
}
