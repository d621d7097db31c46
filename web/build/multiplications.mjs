/** Counts what a graph model computes for one picture. */
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * Multiplications by the shapes of what a kernel is given and what it returns.
 *
 * @type {Record<string, (inputs: number[][], output: number[]) => number>}
 */
const MULTIPLICATIONS = {
  Conv2D: ([, filter], output) => sizeOf(output) * sizeOf(filter.slice(0, 3)),
  Conv2DBackpropInput: ([picture, filter]) => sizeOf(picture) * sizeOf(filter.slice(0, 3)),
  DepthwiseConv2dNative: ([, filter], output) => sizeOf(output) * sizeOf(filter.slice(0, 2)),
  BatchMatMul([a, b], output) {
    // With m x k and k x n, whichever is transposed, sizes alone give k.
    const batch = sizeOf(output.slice(0, -2));
    return sizeOf(output) * Math.sqrt((sizeOf(a) * sizeOf(b)) / sizeOf(output) / batch);
  },
};
/** @type {Record<string, string>} */
const FUSED = {
  FusedConv2D: "Conv2D",
  FusedDepthwiseConv2D: "DepthwiseConv2dNative",
  _FusedMatMul: "BatchMatMul",
};

/**
 * @param {import("@tensorflow/tfjs-core").io.ModelJSON} modelJson
 * @param {ArrayBuffer} weights Its shards, one after the other.
 * @returns {Promise<number>} Of multiplications, counting one for each value of a result that needs none; the same for
 *     all variants of a model.
 */
export async function multiplications(modelJson, weights) {
  const tf = require("@tensorflow/tfjs-core");
  require("@tensorflow/tfjs-backend-wasm"); // it computes what a large model does ten times as fast as the cpu backend
  await tf.setBackend("wasm");
  const specs = modelJson.weightsManifest.flatMap((group) => group.weights);
  const load = async () => tf.io.getModelArtifactsForJSONSync(modelJson, specs, weights);
  const model = await require("@tensorflow/tfjs-converter").loadGraphModel({ load });
  const [{ shape }] = model.inputs;
  const picture = tf.zeros([1, ...shape.slice(1)]);
  /** @type {{kernels: Kernel[]}} */
  const { kernels } = await tf.profile(() => model.predict(picture));
  return Math.round(kernels.reduce((sum, kernel) => sum + workOf(kernel), 0));
}

/**
 * @typedef {{name: string, inputShapes: number[][], outputShapes: number[][]}} Kernel One that was run.
 * @param {Kernel} kernel
 */
function workOf({ name, inputShapes, outputShapes }) {
  const count = MULTIPLICATIONS[FUSED[name] ?? name];
  const each = outputShapes.map((shape) => (count ? count(inputShapes, shape) : sizeOf(shape)));
  return each.reduce((sum, work) => sum + work, 0);
}

/** @param {number[]} shape */
function sizeOf(shape) {
  return shape.reduce((product, side) => product * side, 1);
}
