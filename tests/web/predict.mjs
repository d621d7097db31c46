/** predict.mjs RUNTIME QUESTION.json: loads a model with a built runtime.js, prints two predictions as JSON. */
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [runtimeFile, questionFile] = process.argv.slice(2);
const { modelJson, weights, pixels, count } = JSON.parse(await readFile(questionFile, "utf8"));
/** @type {typeof import("../../web/src/runtime/runtime.js")} */
const { load } = await import(pathToFileURL(runtimeFile).href);
try {
  const model = await load(modelJson, Uint8Array.from(Buffer.from(weights, "base64")).buffer);
  const predictions = Array.from({ length: 2 }, () => [...model.predict(Float32Array.from(pixels), count)]);
  console.log(JSON.stringify({ inputShape: model.inputShape, classes: model.classes, predictions }));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
