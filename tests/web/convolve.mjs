/**
 * Convolves random pictures by web/src/runtime/convolution.js and by TF.js's cpu backend; reads the cases as JSON
 * on stdin, writes the largest difference of each.
 */
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { convolve } from "../../web/src/runtime/convolution.js";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
/** @type {any} */
const tf = require("@tensorflow/tfjs-core");
require("@tensorflow/tfjs-backend-cpu");
tf.enableProdMode();

/**
 * @typedef {[number, number, number, number]} Shape
 * @typedef {number | [number, number]} Strides
 *
 * @param {{pictures: Shape, kernel: Shape, strides: Strides, pad: "same" | "valid", bias: boolean}} given
 */
function largestDifference({ pictures, kernel, strides, pad, bias }) {
  const x = tf.randomNormal(pictures, 0, 1, "float32", 1);
  const filter = tf.randomNormal(kernel, 0, 0.1, "float32", 2);
  const biases = bias ? tf.randomNormal([kernel[3]], 0, 1, "float32", 3) : undefined;
  const theirs = tf.fused.conv2d({ x, filter, strides, pad, bias: biases });
  const info = tf.backend_util.computeConv2DInfo(pictures, kernel, strides, 1, pad);
  const ours = convolve(x.dataSync(), filter.dataSync(), biases?.dataSync(), info);
  /** @type {Float32Array} */
  const values = theirs.dataSync();
  if (values.length !== ours.length)
    throw new Error(`expected ${values.length} values, found ${ours.length}`);
  return values.reduce((largest, value, i) => Math.max(largest, Math.abs(value - ours[i])), 0);
}

console.log(JSON.stringify(JSON.parse(await text(process.stdin)).map(largestDifference)));
