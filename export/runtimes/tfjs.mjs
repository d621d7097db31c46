// Runs one TensorFlow.js model on images in Node and writes its probabilities.
//
//   node tfjs.mjs BACKEND MODEL_FOLDER IMAGES SHAPE ANSWERS WEB PAGE_RUNTIME
//
// IMAGES holds bytes, SHAPE is n,height,width,channels; ANSWERS gets n x classes little-endian float32.
// WEB is the folder whose node_modules hold TensorFlow.js; PAGE_RUNTIME the runtime.js that the page ships.

import { readFileSync, writeFileSync } from 'node:fs';
import { open } from './open_tfjs.mjs';

const BATCH = 250;

const [backend, folder, imagesPath, shapeText, answersPath, web, pageRuntime] = process.argv.slice(2);
const [total, ...shape] = shapeText.split(',').map(Number);
const images = readFileSync(imagesPath);

const predict = await open(backend, folder, shape, web, pageRuntime);
const size = shape.reduce((a, b) => a * b);
const answers = [];
for (let start = 0, count; start < total; start += count) {
  count = Math.min(BATCH, total - 1 - start) || 1; // the last one alone
  const pixels = Float32Array.from(images.subarray(start * size, (start + count) * size));
  answers.push(Buffer.from(Float32Array.from(predict(pixels, count)).buffer));
}
writeFileSync(answersPath, Buffer.concat(answers));
