/**
 * Runs a kit's whole self-test in Node: node react_native.mjs KIT
 *
 * No react-native-fast-tflite runs there. What stands in for it knows the golden pictures alone and gives what was
 * measured for them; it has the library's traits that matter: one input and one output buffer for all calls, the
 * former left as it is where its size is wrong.
 */
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

const [, , kit] = process.argv;
const golden = JSON.parse(readFileSync(join(kit, "golden", "golden.json"), "utf8"));
const images = readFileSync(join(kit, "golden", "images.bin"));

const [count, ...shape] = golden.images;
const size = shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b);

/** @param {string} source */
async function loadTensorflowModel(source, /** @type {unknown} */ delegates) {
  if (!Array.isArray(delegates)) throw new TypeError("no delegates");
  const file = basename(source);
  const { input } = golden.variants.find((/** @type {{file: string}} */ variant) => variant.file === file);
  const outputs = readFileSync(join(kit, "golden", file.replace(".tflite", ".bin")));
  const [given, answer] = [new Uint8Array(size), new Uint8Array(outputs.length / count)];
  const bytes = input.type === "float32" ? 4 : 1;
  /** @param {ArrayBuffer[]} inputs */
  async function run([buffer]) {
    if (buffer.byteLength === size * bytes)
      given.set(bytes === 4 ? new Float32Array(buffer) : new Uint8Array(buffer));
    await new Promise((resolve) => setTimeout(resolve));
    const place = Array.from({ length: count }, (_, i) => i).find(
      (i) => images.compare(given, 0, size, i * size, (i + 1) * size) === 0,
    );
    if (place === undefined) throw new Error("no golden picture");
    answer.set(outputs.subarray(place * answer.length, (place + 1) * answer.length));
    return [answer.buffer];
  }
  return { inputs: [{ dataType: input.type }], run };
}

Object.assign(globalThis, { require: (/** @type {string} */ path) => path, loadTensorflowModel });
const LIBRARY = "export const loadTensorflowModel = globalThis.loadTensorflowModel";
registerHooks({
  resolve(name, context, next) {
    if (name === "react-native-fast-tflite") return next(`data:text/javascript,${LIBRARY}`, context);
    return next(/^\.\/\w+$/.test(name) ? `${name}.ts` : name, context);
  },
});

/** @param {string} name */
const source = (name) => import(pathToFileURL(join(kit, "src", `${name}.ts`)).href);
const [{ selfTest }, { Classifier }, { LABELS }] = await Promise.all(
  ["selftest", "classifier", "contract"].map(source),
);
const lines = await selfTest();

const classifier = await Classifier.open();
const pictures = [0, 1].map((i) => images.subarray(i * size, (i + 1) * size));
/** @type {Float32Array[]} */
const together = await Promise.all(pictures.map((picture) => classifier[golden.output](picture)));
const refused = await classifier[golden.output](images.subarray(1, size)).catch(
  (/** @type {Error} */ error) => error.message,
);
const answers = await Promise.all(pictures.map((picture) => classifier[golden.output](picture)));
console.log(
  JSON.stringify({
    lines,
    labels: LABELS,
    together: together.map((numbers) => [...numbers]),
    answers: answers.map((numbers) => [...numbers]),
    refused,
  }),
);
