// Runs one TensorFlow.js model on images in Node and writes its probabilities, or all that it computes for one.
//
//   node tfjs.mjs BACKEND MODEL_FOLDER IMAGES SHAPE ANSWERS WEB PAGE_RUNTIME
//
// IMAGES holds bytes, SHAPE is n,height,width,channels; ANSWERS gets n x classes little-endian float32, or where
// BACKEND is inside, [{shape, values}, ...] as JSON.
// WEB is the folder whose node_modules hold TensorFlow.js; PAGE_RUNTIME the runtime.js that the page ships.

import { readFileSync, writeFileSync } from "node:fs";
import { fail, open, tensors } from "./open_tfjs.mjs";

const BATCH = 250;

const [backend, folder, imagesPath, shapeText, answersPath, web, pageRuntime] = process.argv.slice(2);
const [total, ...shape] = shapeText.split(",").map(Number);
const images = readFileSync(imagesPath);

/** The probabilities of all images, one after the other. */
async function answerAll() {
  const predict = await open(backend, folder, shape, web, pageRuntime);
  const size = shape.reduce((a, b) => a * b);
  const answers = [];
  for (let start = 0, count; start < total; start += count) {
    count = Math.min(BATCH, total - 1 - start) || 1; // the last one alone
    const pixels = Float32Array.from(images.subarray(start * size, (start + count) * size));
    answers.push(Buffer.from(Float32Array.from(predict(pixels, count)).buffer));
  }
  return Buffer.concat(answers);
}

/** All that the model computes for one image. */
async function lookInside() {
  return JSON.stringify(await tensors(folder, Float32Array.from(images), [total, ...shape], web));
}

try {
  writeFileSync(answersPath, await (backend === "inside" ? lookInside() : answerAll()));
} catch (error) {
  fail(error);
}
