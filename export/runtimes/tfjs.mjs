// Runs one TensorFlow.js model on images in Node and writes its probabilities, or all that it computes for one.
//
//   node tfjs.mjs BACKEND MODEL_FOLDER IMAGES SHAPE PREDICTIONS WEB PAGE_RUNTIME
//
// IMAGES holds bytes, SHAPE is n,height,width,channels; PREDICTIONS receives n x classes little-endian float32, or
// where BACKEND is inside, [{shape, values}, ...] as JSON.
// WEB is the folder whose node_modules hold TensorFlow.js; PAGE_RUNTIME the runtime.js that the page ships.

import { readFileSync, writeFileSync } from "node:fs";
import { predictAll } from "./batches.mjs";
import { fail, open, tensors } from "./open_tfjs.mjs";

const [backend, folder, imagesPath, shapeText, predictionsPath, web, pageRuntime] = process.argv.slice(2);
const [count, ...shape] = shapeText.split(",").map(Number);
const images = readFileSync(imagesPath);
try {
  if (backend === "inside") {
    const inside = await tensors(folder, Float32Array.from(images), [count, ...shape], web);
    writeFileSync(predictionsPath, JSON.stringify(inside));
  } else {
    const predictions = await predictAll(await open(backend, folder, shape, web, pageRuntime), images, count);
    writeFileSync(predictionsPath, Buffer.from(await predictions.arrayBuffer()));
  }
} catch (error) {
  fail(error);
}
