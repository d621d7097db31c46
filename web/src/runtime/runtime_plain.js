/**
 * Runs a graph model by code of our own alone, a twentieth of TensorFlow.js's weight: for small models, of the
 * operations that those are made of.
 *
 * `build/runtime.mjs` bundles this file in the place of `runtime.js`.
 */
import { runnable } from "./plain/graph.js";
import { sizeOf } from "./plain/tensors.js";
import { warmedUp } from "./warm_up.js";
import { decoded, specsFor } from "./weights.js";
/** @import { GraphModel } from "./plain/graph.js" */
/** @import { Model } from "../types" */

/** @param {GraphModel} modelJson @param {ArrayBuffer} weights See `loadOn`. @returns {Promise<Model>} */
export async function load(modelJson, weights) {
  const run = runnable(modelJson, decoded(specsFor(modelJson, weights), weights));
  const [input] = Object.values(modelJson.signature.inputs);
  const inputShape = input.tensorShape.dim.slice(1).map(({ size }) => Number(size));
  const size = sizeOf(inputShape);
  // One by one, as a page has them: so what a network makes of a picture stays in the processor's cache.
  return warmedUp(inputShape, (pixels, count) => {
    const outputs = Array.from({ length: count }, (_, i) => {
      const values = pixels.subarray(i * size, (i + 1) * size);
      return run({ shape: [1, ...inputShape], values }).values;
    });
    const found = new Float32Array(count * outputs[0].length);
    outputs.forEach((values, i) => {
      found.set(values, i * values.length);
    });
    return found;
  });
}
