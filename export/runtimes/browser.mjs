// Runs models in the browser page that browser.py opens.

import { predictAll } from "./batches.mjs";
import { measure } from "./timing.mjs";

/** @import { Predict } from "./batches.mjs" */

const TFJS = "/packages/@tensorflow";
const PAGE_RUNTIME = "/page-runtime.js";
const FUNCTIONS = { predict, time };

/**
 * @param {string} runtime `graph-page`, `litert`, or the kind of a TF.js model and its backend, as in `layers-wasm`.
 * @param {string} artifact Address of the `.tflite`, or of the folder of the `model.json`.
 * @returns {Promise<Predict>}
 */
async function open(runtime, artifact) {
  if (runtime === "litert") return openWithLiteRt(artifact);
  const { json, weights } = await fetchModel(artifact);
  if (runtime === "graph-page") {
    const { load } = await import(PAGE_RUNTIME);
    return (await load(json, weights)).predict;
  }
  const [kind, backend] = runtime.split("-");
  const tf = await loadPackages(kind, backend);
  const specs = json.weightsManifest.flatMap((group) => group.weights);
  const handler = { load: async () => tf.io.getModelArtifactsForJSONSync(json, specs, weights) };
  const model = await (kind === "graph" ? tf.loadGraphModel(handler) : tf.loadLayersModel(handler));
  const shape = model.inputs[0].shape.slice(1);
  return (pixels, count) => tf.tidy(() => model.predict(tf.tensor(pixels, [count, ...shape])).dataSync());
}

/**
 * @param {string} kind `graph` or `layers`.
 * @param {string} backend
 * @returns {Promise<any>} TensorFlow.js as its authors ship it for pages.
 */
async function loadPackages(kind, backend) {
  await loadScript(`${TFJS}/tfjs-core/dist/tf-core.min.js`);
  await loadScript(
    `${TFJS}/${kind === "graph" ? "tfjs-converter/dist/tf-converter" : "tfjs-layers/dist/tf-layers"}.min.js`,
  );
  await loadScript(`${TFJS}/tfjs-backend-${backend}/dist/tf-backend-${backend}.min.js`);
  const { tf } = /** @type {any} */ (globalThis);
  if (backend === "wasm") {
    tf.wasm.setWasmPaths(`${TFJS}/tfjs-backend-wasm/dist/`);
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false); // one thread, as everywhere
  }
  if (!(await tf.setBackend(backend))) throw new Error(`the ${backend} backend did not start`);
  return tf;
}

/**
 * LiteRT.js takes the batch that the file was made for: one image.
 *
 * @param {string} artifact
 * @returns {Promise<Predict>}
 */
async function openWithLiteRt(artifact) {
  const { Tensor, loadAndCompile, loadLiteRt } = await import("@litertjs/core");
  await loadLiteRt("/packages/@litertjs/core/wasm/");
  const model = await loadAndCompile(artifact, { accelerator: "wasm", cpuOptions: { numThreads: 1 } });
  const [{ dtype, shape: declared }] = model.getInputDetails();
  const shape = [1, ...declared.slice(1)]; // whatever batch a file declares
  const size = shape.reduce((a, b) => a * b);

  return async (pixels, count) => {
    /** @type {number[]} */
    const probabilities = [];
    for (let i = 0; i < count; i++) {
      const image = pixels.slice(i * size, (i + 1) * size);
      const input = new Tensor(dtype === "uint8" ? Uint8Array.from(image) : image, shape);
      const [output] = await model.run([input]);
      probabilities.push(...output.toTypedArray());
      input.delete();
      output.delete();
    }
    return Float32Array.from(probabilities);
  };
}

/**
 * Runs a model on the images at `/images`.
 *
 * @param {string} runtime See `open`.
 * @param {string} artifact See `open`.
 * @param {number} count How many images there are.
 * @returns {Promise<string>} Little-endian float32, count x classes, in base64.
 */
async function predict(runtime, artifact, count) {
  const images = new Uint8Array(await fetched("/images"));
  return inBase64(await predictAll(await open(runtime, artifact), images, count));
}

/** @param {Parameters<typeof predict>} given As for `predict`, but the predictions are timed by `measure`. */
async function time(...[runtime, artifact, count]) {
  const images = new Uint8Array(await fetched("/images"));
  return measure(() => open(runtime, artifact), images, count);
}

/**
 * Begins one of the functions here; `globalThis.outcome` receives its value or its error.
 *
 * @param {keyof typeof FUNCTIONS} name
 * @param {Parameters<typeof predict>} given
 */
export function begin(name, given) {
  FUNCTIONS[name](...given).then(
    (value) => Object.assign(globalThis, { outcome: { value } }),
    (error) => Object.assign(globalThis, { outcome: { error: `${error}` } }),
  );
}

/** The graphics card, or the software in its place, that WebGL draws with; undefined where there is no WebGL. */
export function webglRenderer() {
  const gl = document.createElement("canvas").getContext("webgl2");
  const unmasked = gl?.getExtension("WEBGL_debug_renderer_info")?.UNMASKED_RENDERER_WEBGL;
  return gl?.getParameter(unmasked ?? gl.RENDERER);
}

/** @param {string} artifact Address of the folder of the `model.json`. */
async function fetchModel(artifact) {
  /** @type {import("@tensorflow/tfjs-core").io.ModelJSON} */
  const json = JSON.parse(new TextDecoder().decode(await fetched(`${artifact}/model.json`)));
  const paths = json.weightsManifest.flatMap((group) => group.paths);
  const shards = await Promise.all(paths.map((path) => fetched(`${artifact}/${path}`)));
  return { json, weights: await new Blob(shards).arrayBuffer() };
}

/** @param {string} address */
async function fetched(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: status ${response.status}`);
  return response.arrayBuffer();
}

/** @param {string} src */
function loadScript(src) {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src, onload: resolve });
    script.onerror = () => reject(new Error(`${src} did not load`));
    document.head.append(script);
  });
}

/** @param {Blob} blob @returns {Promise<string>} */
function inBase64(blob) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",")[1]);
    reader.readAsDataURL(blob);
  });
}
