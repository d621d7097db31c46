/**
 * Runs a TF.js graph model: the executor and the plain JavaScript backend, with only the kernels in use.
 *
 * `build/runtime.mjs` bundles this file by itself. It touches no DOM, because the parity of a model is measured in
 * Node with the very file that the page ships.
 */
import { enableProdMode, env, setBackend, tensor, tidy } from "@tensorflow/tfjs-core";
import { decodeWeights } from "@tensorflow/tfjs-core/dist/io/io_utils";
import "@tensorflow/tfjs-converter/dist/flags";
import { GraphExecutor } from "@tensorflow/tfjs-converter/dist/executor/graph_executor";
import { OperationMapper } from "@tensorflow/tfjs-converter/dist/operations/operation_mapper";
import "@tensorflow/tfjs-backend-cpu/dist/base";
import "inkproof:kernels";

/**
 * TF.js asks its platform for these. Its own platforms for browsers and Node also bring model stores and
 * `require`, which neither the page nor the parity run wants.
 */
const PLATFORM = {
  now: () => performance.now(),
  encode: (text) => new TextEncoder().encode(text),
  decode: (bytes, encoding) => new TextDecoder(encoding).decode(bytes),
  isTypedArray: (value) => ArrayBuffer.isView(value) && !(value instanceof DataView),
  setTimeoutCustom: (callback, delay) => setTimeout(callback, delay),
};

const BYTES_PER_VALUE = { float32: 4, int32: 4, float16: 2, uint16: 2, uint8: 1, bool: 1 };

/**
 * @typedef {object} Model
 * @property {number[]} inputShape Shape of one input, without the batch: [height, width, channels].
 * @property {number} classes Length of one answer.
 * @property {(pixels: Float32Array, count: number) => Float32Array} predict From `count` pictures
 *     (count x height x width x channels, in the contract's grey levels) to their probabilities
 *     (count x classes, 0..1).
 */

/**
 * Makes a model ready to answer: decoded, checked, warmed up.
 *
 * @param {object} modelJson The parsed `model.json` of a graph model.
 * @param {ArrayBuffer} weights Its shards, one after the other.
 * @returns {Promise<Model>}
 * @throws {Error} If the model and its weights don't fit together.
 */
export async function load(modelJson, weights) {
  env().setPlatform("plain", PLATFORM);
  enableProdMode(); // else TF.js advertises its Node package on the console
  await setBackend("cpu");
  const executor = buildExecutor(modelJson, weights);
  const inputShape = executor.inputs[0].shape.slice(1);
  const [inputName] = executor.inputNodes;

  function predict(pixels, count) {
    return tidy(() => {
      const pictures = tensor(pixels, [count, ...inputShape], "float32");
      const [probabilities] = executor.execute({ [inputName]: pictures }, executor.outputNodes);
      return Float32Array.from(probabilities.dataSync()); // a copy, as `tidy` frees the tensor
    });
  }

  // The first prediction compiles the graph and is some 15 times slower than the next.
  const blank = new Float32Array(inputShape.reduce((product, side) => product * side, 1));
  const answer = predict(blank, 1);
  if (!answer.every(Number.isFinite)) throw new Error("expected probabilities, found NaN or infinity");
  return { inputShape, classes: answer.length, predict };
}

function buildExecutor(modelJson, weights) {
  const specs = modelJson.weightsManifest.flatMap((group) => group.weights);
  const expected = specs.reduce((sum, spec) => sum + bytesOf(spec), 0);
  if (weights.byteLength !== expected) {
    throw new Error(`expected ${expected} bytes of weights, found ${weights.byteLength}`);
  }
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

/** Length of one weight in the shards, where it may lie quantised. */
function bytesOf({ shape, dtype, quantization }) {
  const values = shape.reduce((product, side) => product * side, 1);
  return values * BYTES_PER_VALUE[quantization?.dtype ?? dtype];
}
