/**
 * Whether a model predicts here what it predicted in the build, where its parity was proven: no prediction is
 * better than a wrong one. The build picks the pictures on which the reference model is least confident, because
 * the smallest damage shows most on those.
 */
import { fromBase64, SiteError } from "./files.js";
/** @import { Check, Model, Variant } from "../types" */

/**
 * @param {Model} model
 * @param {Variant} variant
 * @param {Check} check
 * @throws {SiteError} If a probability differs by more than the check's tolerance.
 */
export function requireRecordedPredictions(model, { url, answers }, { pictures, tolerance }) {
  const found = model.predict(Float32Array.from(fromBase64(pictures)), answers.length);
  const expected = answers.flat();
  if (
    found.length === expected.length &&
    expected.every((value, i) => Math.abs(found[i] - value) <= tolerance)
  ) {
    return;
  }
  throw new SiteError(
    `The model (${url}) gives other predictions here than those that were checked: ` +
      "its file is damaged, or this browser computes differently.",
  );
}
