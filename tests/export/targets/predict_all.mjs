/**
 * predict_all.mjs QUESTION.json WEB: runs many models on the same pictures, in one process.
 *
 * The question is {models: [{backend, folder}, ...], shape, pixels, runtime}; the answer, on stdout, a list of
 * {prediction: number[]} or {error: string}.
 */
import { readFileSync } from "node:fs";
import { open } from "../../../export/runtimes/open_tfjs.mjs";

const [questionFile, web] = process.argv.slice(2);
const { models, shape, pixels, runtime } = JSON.parse(readFileSync(questionFile, "utf8"));
const [count, ...picture] = shape;
const answers = [];
for (const { backend, folder } of models) {
  try {
    const predict = await open(backend, folder, picture, web, runtime);
    answers.push({ prediction: [...(await predict(Float32Array.from(pixels), count))] });
  } catch (error) {
    answers.push({ error: String(error).split("\n", 1)[0] });
  }
}
process.stdout.write(JSON.stringify(answers));
