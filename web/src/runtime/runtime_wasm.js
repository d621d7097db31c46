/**
 * Runs a graph model on TF.js's WebAssembly backend with SIMD, with only the kernels in use: for models that take
 * too long in plain JavaScript.
 *
 * `build/runtime.mjs` bundles this file in the place of `runtime.js`. The backend's binary is inside the bundle, so
 * that one file is all that parity is measured with and all that a page ships. It runs in one thread: several need
 * headers that few hosts send.
 */
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm/dist/base";
import binary from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm";
import { env } from "@tensorflow/tfjs-core";
import "inkproof:kernels";
import { loadOn, PLATFORM } from "./graph_model.js";

/** @import { io } from "@tensorflow/tfjs-core" */

/** @param {io.ModelJSON} modelJson @param {ArrayBuffer} weights See `loadOn`. */
export async function load(modelJson, weights) {
  if (!(await env().getAsync("WASM_HAS_SIMD_SUPPORT"))) {
    throw new Error("it needs WebAssembly with SIMD, which this browser lacks");
  }
  env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  return loadOn("wasm", modelJson, weights);
}

// The backend asks its platform for the binary, whatever the path.
Object.assign(PLATFORM, { fetch: async () => ({ ok: true, arrayBuffer: async () => binary.buffer }) });
setWasmPaths("", true);
