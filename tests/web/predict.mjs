/** predict.mjs RUNTIME QUESTION.json: loads a model with a built runtime.js, prints its answers as JSON. */
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [runtimeFile, questionFile] = process.argv.slice(2);
const { modelJson, weights, pixels, count } = JSON.parse(await readFile(questionFile, "utf8"));
const { load } = await import(pathToFileURL(runtimeFile));
try {
  const model = await load(modelJson, Uint8Array.from(Buffer.from(weights, "base64")).buffer);
  const answers = Array.from({ length: 2 }, () => [...model.predict(Float32Array.from(pixels), count)]);
  console.log(JSON.stringify({ inputShape: model.inputShape, classes: model.classes, answers }));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
