/**
 * Runs a graph model on TF.js's plain JavaScript backend, with only the kernels in use: for small models.
 *
 * `build/runtime.mjs` bundles this file by itself.
 */
import "@tensorflow/tfjs-backend-cpu/dist/base";
import "inkproof:kernels";
import { loadOn } from "./graph_model.js";

/** @import { io } from "@tensorflow/tfjs-core" */

/** @param {io.ModelJSON} modelJson @param {ArrayBuffer} weights See `loadOn`. */
export function load(modelJson, weights) {
  return loadOn("cpu", modelJson, weights);
}
