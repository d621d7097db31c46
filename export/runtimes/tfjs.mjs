// Runs one TensorFlow.js model on images in Node and writes its probabilities, or all that it computes for one.
//
//   node tfjs.mjs BACKEND MODEL_FOLDER IMAGES SHAPE ANSWERS WEB PAGE_RUNTIME
//
// IMAGES holds bytes, SHAPE is n,height,width,channels; ANSWERS gets n x classes little-endian float32, or where
// BACKEND is inside, [{shape, values}, ...] as JSON.
// WEB is the folder whose node_modules hold TensorFlow.js; PAGE_RUNTIME the runtime.js that the page ships.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const BATCH = 250;

const [backend, folder, imagesPath, shapeText, answersPath, web, pageRuntime] = process.argv.slice(2);
const shape = shapeText.split(',').map(Number);
const images = readFileSync(imagesPath);
const require = createRequire(join(web, 'package.json'));

/** The model.json and its shards, read from disk. */
function readModel() {
  const json = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
  const paths = json.weightsManifest.flatMap((group) => group.paths);
  const shards = Buffer.concat(paths.map((path) => readFileSync(join(folder, path))));
  const weights = shards.buffer.slice(shards.byteOffset, shards.byteOffset + shards.byteLength);
  return { json, weights };
}

/** The model as TensorFlow.js's own packages load it, on one of their backends. */
async function openWithPackages(kind, name) {
  const tf = require('@tensorflow/tfjs-core');
  const { json, weights } = readModel();
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
  return { tf, model, json };
}

/** How to predict with TensorFlow.js's own packages: (pixels, count) -> probabilities. */
async function predictWithPackages(kind, name) {
  const { tf, model } = await openWithPackages(kind, name);
  return (pixels, count) =>
    tf.tidy(() => model.predict(tf.tensor(pixels, [count, ...shape.slice(1)])).dataSync());
}

/** What every node or layer of the model makes of the images. */
async function lookInside() {
  const kind = readModel().json.format === 'layers-model' ? 'layers' : 'graph';
  const { tf, model, json } = await openWithPackages(kind, 'cpu');
  const pixels = tf.tensor(Float32Array.from(images), shape);
  let found;
  if (kind === 'graph') {
    const nodes = json.modelTopology.node.filter(({ op }) => op !== 'Const' && op !== 'Placeholder');
    found = model.execute(pixels, nodes.map((node) => node.name));
  } else {
    const outputs = model.layers.flatMap((layer) => layer.output);
    found = require('@tensorflow/tfjs-layers').model({ inputs: model.inputs, outputs }).predict(pixels);
  }
  return [found].flat().map((tensor) => ({ shape: tensor.shape, values: [...tensor.dataSync()] }));
}

/** How to predict with the very file that the page ships. */
async function openWithPage() {
  const { load } = await import(pathToFileURL(pageRuntime).href);
  const { json, weights } = readModel();
  const model = await load(json, weights);
  return (pixels, count) => model.predict(pixels, count);
}

/** The probabilities of all images, one after the other. */
async function answerAll(kind, name) {
  const predict = name === 'page' ? await openWithPage() : await predictWithPackages(kind, name);
  const size = shape.slice(1).reduce((a, b) => a * b);
  const answers = [];
  for (let start = 0, count; start < shape[0]; start += count) {
    count = Math.min(BATCH, shape[0] - 1 - start) || 1; // the last one alone
    const pixels = Float32Array.from(images.subarray(start * size, (start + count) * size));
    answers.push(Buffer.from(Float32Array.from(predict(pixels, count)).buffer));
  }
  return Buffer.concat(answers);
}

writeFileSync(
  answersPath,
  backend === 'inside' ? JSON.stringify(await lookInside()) : await answerAll(...backend.split('-')),
);
