// How long a model takes; the same in Node and in a browser. export/bench/measure.py is its twin.
/** @import { Predict } from "./batches.mjs" */

const WARM_UP = 20;
const LONG_ENOUGH_MS = 300;

/**
 * Loads a model and times its predictions.
 *
 * @param {() => Promise<Predict>} open
 * @param {Uint8Array} images One batch, one after the other.
 * @param {number} count How many they are.
 * @returns load_ms, first_ms, warm_ms (of each prediction for one image), images_per_s.
 */
export async function measure(open, images, count) {
  const begin = performance.now();
  const predict = await open();
  const load_ms = performance.now() - begin;
  const batch = Float32Array.from(images);
  const one = batch.slice(0, batch.length / count);
  /** @type {(...batch: Parameters<Predict>) => Promise<number>} */
  const timed = async (...batch) => {
    const start = performance.now();
    await predict(...batch);
    return performance.now() - start;
  };

  const first_ms = await timed(one, 1);
  for (let i = 0; i < WARM_UP; i++) await timed(one, 1);
  const warm_ms = await repeated(() => timed(one, 1));
  await timed(batch, count);
  const batches = await repeated(() => timed(batch, count));
  return { load_ms, first_ms, warm_ms, images_per_s: (1000 * count) / median(batches) };
}

/** @param {() => Promise<number>} timed Called until it has taken long enough. */
async function repeated(timed) {
  const times = [];
  for (let sum = 0; sum < LONG_ENOUGH_MS; sum += times[times.length - 1]) times.push(await timed());
  return times;
}

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
