// Runs models in the browser page that browser.py opens.

import { measure } from "./timing.mjs";

const BATCH = 250;
const TFJS = "/packages/@tensorflow";
const FUNCTIONS = { answer, time };
const LOADERS = { graph: "tfjs-converter/dist/tf-converter", layers: "tfjs-layers/dist/tf-layers" };

/**
 * How to predict with a runtime: (pixels, count) -> probabilities, or a promise of them.
 *
 * @param {string} runtime `graph-page`, `litert`, or the kind of a TF.js model and its backend, as in `layers-wasm`.
 * @param {string} artifact Address of the `.tflite`, or of the folder of the `model.json`.
 */
async function open(runtime, artifact) {
  if (runtime === "litert") return openWithLiteRt(artifact);
  if (runtime === "graph-page") return openWithPage(artifact);
  return openWithPackages(...runtime.split("-"), artifact);
}

/** The files of TensorFlow.js as its authors ship them for pages. */
async function openWithPackages(kind, backend, artifact) {
  await loadScript(`${TFJS}/tfjs-core/dist/tf-core.min.js`);
  await loadScript(`${TFJS}/${LOADERS[kind]}.min.js`);
  await loadScript(`${TFJS}/tfjs-backend-${backend}/dist/tf-backend-${backend}.min.js`);
  const { tf } = globalThis;
  if (backend === "wasm") {
    tf.wasm.setWasmPaths(`${TFJS}/tfjs-backend-wasm/dist/`);
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false); // one thread, as everywhere
  }
  if (!(await tf.setBackend(backend))) throw new Error(`the ${backend} backend did not start`);
  const { json, weights } = await fetchModel(artifact);
  const specs = json.weightsManifest.flatMap((group) => group.weights);
  const handler = { load: async () => tf.io.getModelArtifactsForJSONSync(json, specs, weights) };
  const model = await (kind === "graph" ? tf.loadGraphModel(handler) : tf.loadLayersModel(handler));
  const shape = model.inputs[0].shape.slice(1);
  return (pixels, count) => tf.tidy(() => model.predict(tf.tensor(pixels, [count, ...shape])).dataSync());
}

/** The very file that the page ships. */
async function openWithPage(artifact) {
  const { load } = await import("/page-runtime.js");
  const { json, weights } = await fetchModel(artifact);
  const model = await load(json, weights);
  return (pixels, count) => model.predict(pixels, count);
}

/** LiteRT.js takes the batch that the file was made for: one picture. */
async function openWithLiteRt(artifact) {
  const { Tensor, loadAndCompile, loadLiteRt } = await import("@litertjs/core");
  await loadLiteRt("/packages/@litertjs/core/wasm/");
  const model = await loadAndCompile(artifact, { accelerator: "wasm", cpuOptions: { numThreads: 1 } });
  const [{ dtype, shape: declared }] = model.getInputDetails();
  const shape = [1, ...declared.slice(1)]; // most files declare a batch of -1
  const size = shape.reduce((a, b) => a * b);

  async function predictOne(pixels) {
    const given = new Tensor(dtype === "uint8" ? Uint8Array.from(pixels) : pixels, shape);
    const [answer] = await model.run([given]);
    const found = Float32Array.from(answer.toTypedArray());
    given.delete();
    answer.delete();
    return found;
  }

  return async (pixels, count) => {
    if (count === 1) return predictOne(pixels);
    const answers = [];
    for (let i = 0; i < count; i++)
      answers.push(...(await predictOne(pixels.slice(i * size, (i + 1) * size))));
    return Float32Array.from(answers);
  };
}

/**
 * Runs a model on the pictures at `/images`.
 *
 * @param {string} runtime See `open`.
 * @param {string} artifact See `open`.
 * @param {number} count How many pictures there are.
 * @returns {Promise<string>} Little-endian float32, count x classes, in base64.
 */
async function answer(runtime, artifact, count) {
  const predict = await open(runtime, artifact);
  const images = new Uint8Array(await fetched("/images"));
  const size = images.length / count;
  const answers = [];
  for (let start = 0, some; start < count; start += some) {
    some = Math.min(BATCH, count - 1 - start) || 1; // the last one alone
    answers.push(
      await predict(Float32Array.from(images.subarray(start * size, (start + some) * size)), some),
    );
  }
  return inBase64(await new Blob(answers).arrayBuffer());
}

/** Times a model on the pictures at `/images`, see `measure` of timing.mjs. */
async function time(runtime, artifact, count) {
  const images = new Uint8Array(await fetched("/images"));
  return measure(() => open(runtime, artifact), images, count);
}

/** Begins one of the functions here; `globalThis.outcome` gets its value or its error. */
export function begin(name, given) {
  FUNCTIONS[name](...given).then(
    (value) => Object.assign(globalThis, { outcome: { value } }),
    (error) => Object.assign(globalThis, { outcome: { error: `${error}` } }),
  );
}

/** The graphics card, or the software in its place, that WebGL draws with; null where there is no WebGL. */
export function webglRenderer() {
  const gl = document.createElement("canvas").getContext("webgl2");
  return (
    gl &&
    gl.getParameter(gl.getExtension("WEBGL_debug_renderer_info")?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER)
  );
}

async function fetchModel(artifact) {
  const json = JSON.parse(new TextDecoder().decode(await fetched(`${artifact}/model.json`)));
  const paths = json.weightsManifest.flatMap((group) => group.paths);
  const shards = await Promise.all(paths.map((path) => fetched(`${artifact}/${path}`)));
  return { json, weights: await new Blob(shards).arrayBuffer() };
}

async function fetched(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: status ${response.status}`);
  return response.arrayBuffer();
}

function loadScript(src) {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src, onload: resolve });
    script.onerror = () => reject(new Error(`${src} did not load`));
    document.head.append(script);
  });
}

function inBase64(buffer) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.readAsDataURL(new Blob([buffer]));
  });
}
