/** The first prediction, for which the browser compiles the code: some 15 times slower than the next. */
/** @import { Model } from "../types" */

/**
 * @param {number[]} inputShape Of one picture.
 * @param {Model["predict"]} predict
 * @returns {Model} Ready to predict.
 * @throws {Error} If it gives something else than numbers.
 */
export function warmedUp(inputShape, predict) {
  const blank = new Float32Array(inputShape.reduce((product, side) => product * side, 1));
  const prediction = predict(blank, 1);
  if (!prediction.every(Number.isFinite)) throw new Error("expected probabilities, found NaN or infinity");
  return { inputShape, classes: prediction.length, predict };
}
