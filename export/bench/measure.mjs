// Measures one TensorFlow.js model in Node; this process does nothing else, so its peak memory is the model's.
//
//   node measure.mjs BACKEND MODEL_FOLDER IMAGES SHAPE RESULT WEB PAGE_RUNTIME      as tfjs.mjs; RESULT receives JSON

import { readFileSync, writeFileSync } from "node:fs";
import { fail, open } from "../runtimes/open_tfjs.mjs";
import { measure } from "../runtimes/timing.mjs";

const [backend, folder, imagesPath, shapeText, resultPath, web, pageRuntime] = process.argv.slice(2);
const [count, ...shape] = shapeText.split(",").map(Number);

const images = readFileSync(imagesPath);
const result = await measure(() => open(backend, folder, shape, web, pageRuntime), images, count).catch(fail);
writeFileSync(resultPath, JSON.stringify({ ...result, peak_bytes: 1024 * peakKilobytes() }));

function peakKilobytes() {
  // On Linux what process.resourceUsage() gives begins with the peak of the process that started this one.
  if (process.platform !== "linux") return process.resourceUsage().maxRSS;
  const [, peak] = /VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return Number(peak);
}
