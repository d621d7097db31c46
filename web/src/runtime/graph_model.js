/**
 * Loads a TF.js graph model: the executor, with only the operations in use, on whatever backend.
 *
 * It uses no DOM, because the parity of a model is measured in Node with the same file that the page ships.
 */
import { enableProdMode, env, setBackend, tensor, tidy } from "@tensorflow/tfjs-core";
import { decodeWeights } from "@tensorflow/tfjs-core/dist/io/io_utils";
import "@tensorflow/tfjs-converter/dist/flags";
import { GraphExecutor } from "@tensorflow/tfjs-converter/dist/executor/graph_executor";
import { OperationMapper } from "@tensorflow/tfjs-converter/dist/operations/operation_mapper";
import { warmedUp } from "./warm_up.js";
import { specsFor } from "./weights.js";

/** @import { io } from "@tensorflow/tfjs-core" */
/** @import { Model } from "../types" */

/**
 * What TF.js takes from its platform. Its own platforms for browsers and Node also bring model stores and
 * `require`, which neither the page nor the parity run needs.
 */
export const PLATFORM = {
  now: () => performance.now(),
  encode: (/** @type {string} */ text) => new TextEncoder().encode(text),
  decode: (/** @type {Uint8Array} */ bytes, /** @type {string} */ encoding) =>
    new TextDecoder(encoding).decode(bytes),
  isTypedArray: (/** @type {unknown} */ value) => ArrayBuffer.isView(value) && !(value instanceof DataView),
  setTimeoutCustom: (/** @type {() => void} */ callback, /** @type {number} */ ms) =>
    setTimeout(callback, ms),
};

/**
 * Makes a model ready to predict: decoded, checked, warmed up.
 *
 * @param {"cpu" | "wasm"} backend Imported by the caller, with its kernels.
 * @param {io.ModelJSON} modelJson The parsed `model.json` of a graph model.
 * @param {ArrayBuffer} weights Its shards, one after the other.
 * @returns {Promise<Model>}
 * @throws {Error} If the model and its weights don't fit together.
 */
export async function loadOn(backend, modelJson, weights) {
  env().setPlatform("plain", /** @type {any} */ (PLATFORM));
  enableProdMode(); // else TF.js advertises its Node package on the console
  if (!(await setBackend(backend))) throw new Error(`the ${backend} backend does not start in this browser`);
  const executor = buildExecutor(modelJson, weights);
  const inputShape = executor.inputs[0].shape?.slice(1) ?? [];
  const [inputName] = executor.inputNodes;

  /** @type {Model["predict"]} */
  function predict(pixels, count) {
    return tidy(() => {
      const pictures = tensor(pixels, [count, ...inputShape], "float32");
      const [probabilities] = executor.execute({ [inputName]: pictures }, executor.outputNodes);
      return Float32Array.from(probabilities.dataSync()); // a copy, as `tidy` frees the tensor
    });
  }

  return warmedUp(inputShape, predict);
}

/** @param {io.ModelJSON} modelJson @param {ArrayBuffer} weights */
function buildExecutor(modelJson, weights) {
  const specs = specsFor(modelJson, weights);
  const graph = OperationMapper.Instance.transformGraph(modelJson.modelTopology, modelJson.signature);
  const executor = new GraphExecutor(graph);
  const tensors = Object.entries(decodeWeights(weights, specs));
  executor.weightMap = Object.fromEntries(tensors.map(([name, value]) => [name, [value]]));
  if (executor.inputNodes.length !== 1 || executor.outputNodes.length !== 1) {
    throw new Error(
      `expected one input and one output, found ${executor.inputNodes.length} and ${executor.outputNodes.length}`,
    );
  }
  return executor;
}
