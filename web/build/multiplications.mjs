/**
 * Counts what a model computes for one picture: node build/multiplications.mjs RUNTIME MODEL
 *
 * RUNTIME is a runtime-HASH.js that runs on TF.js's cpu backend, MODEL the folder of a graph model. Prints the number
 * of multiplications, counting one for each value of a result that needs none; the same for all variants of a model.
 */
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { runScript } from "./esbuild.mjs";

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

/** @param {string[]} options */
async function main([runtime, folder, ...rest]) {
  if (!runtime || !folder || rest.length > 0) {
    throw new Error("expected: node build/multiplications.mjs RUNTIME MODEL");
  }
  const { load } = await import(pathToFileURL(resolve(runtime)).href);
  const modelJson = JSON.parse(await readFile(join(folder, "model.json"), "utf8"));
  /** @type {string[]} */
  const paths = modelJson.weightsManifest.flatMap((/** @type {{paths: string[]}} */ group) => group.paths);
  const shards = await Promise.all(paths.map((path) => readFile(join(folder, path))));
  const model = await load(modelJson, await new Blob(shards).arrayBuffer());
  const picture = new Float32Array(sizeOf(model.inputShape));
  // What tf.profile() calls; the runtime exports no more of TF.js than a page needs.
  const engine = /** @type {any} */ (globalThis)._tfengine;
  /** @type {{kernels: Kernel[]}} */
  const { kernels } = await engine.profile(() => model.predict(picture, 1));
  console.log(Math.round(kernels.reduce((sum, kernel) => sum + workOf(kernel), 0)));
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

await runScript("build/multiplications.mjs", main);
