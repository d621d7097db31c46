// How long a model takes; the same in Node and in a browser. export/bench/measure.py is its twin.

const WARM_UP = 20;
const LONG_ENOUGH_MS = 300;

/**
 * Loads a model and times its predictions.
 *
 * @param {() => Promise<(pixels: Float32Array, count: number) => any>} open
 * @param {Uint8Array} images The pictures, one after the other: one batch.
 * @param {number} count How many they are.
 * @returns {Promise<object>} load_ms, first_ms, warm_ms (of each prediction of one picture), images_per_s.
 */
export async function measure(open, images, count) {
  const begin = performance.now();
  const predict = await open();
  const load_ms = performance.now() - begin;
  const batch = Float32Array.from(images);
  const one = batch.slice(0, batch.length / count);
  const timed = async (pixels, number) => {
    const start = performance.now();
    await predict(pixels, number);
    return performance.now() - start;
  };

  const first_ms = await timed(one, 1);
  for (let i = 0; i < WARM_UP; i++) await timed(one, 1);
  const warm_ms = await repeated(() => timed(one, 1));
  await timed(batch, count);
  const batches = await repeated(() => timed(batch, count));
  return { load_ms, first_ms, warm_ms, images_per_s: (1000 * count) / median(batches) };
}

/** What `timed` gives, called until it has taken long enough. */
async function repeated(timed) {
  const times = [];
  for (let sum = 0; sum < LONG_ENOUGH_MS; sum += times.at(-1)) times.push(await timed());
  return times;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
