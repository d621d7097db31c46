// Predictions for many images; the same in Node and in a browser.

/** Pictures at once, as long as they are small. */
const BATCH = 250;

/** Pixels, in all channels, at once: WebAssembly has no memory for what MobileNetV2 makes of 250 pictures of 224 x 224. */
const MOST_VALUES = 1_000_000;

/**
 * @typedef {(pixels: Float32Array, count: number) => Float32Array | Promise<Float32Array>} Predict From images,
 *     one after the other, to their probabilities.
 *
 * @param {Predict} predict
 * @param {Uint8Array} images One after the other.
 * @param {number} count How many they are.
 * @returns {Promise<Blob>} Their probabilities, little-endian float32, count x classes.
 */
export async function predictAll(predict, images, count) {
  const size = images.length / count;
  const batch = Math.max(1, Math.min(BATCH, Math.floor(MOST_VALUES / size)));
  const predictions = [];
  for (let start = 0, some; start < count; start += some) {
    some = Math.min(batch, count - 1 - start) || 1; // the last one alone
    const pixels = Float32Array.from(images.subarray(start * size, (start + some) * size));
    predictions.push(Float32Array.from(await predict(pixels, some)));
  }
  return new Blob(predictions);
}
