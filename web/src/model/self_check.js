/**
 * Whether a model answers here as it did in the build, where it was proven: the page would rather not answer
 * than answer wrong. The build picks the pictures that the original is least sure of, as on those the smallest
 * damage shows most.
 */
import { fromBase64, SiteError } from "./files.js";

/**
 * @param {import("../runtime/runtime.js").Model} model
 * @param {import("./models.js").Variant} variant
 * @param {object} check
 * @param {string} check.pictures All pictures one after the other, a byte a pixel, in base64.
 * @param {number} check.tolerance How far a probability may be off, as browsers round differently.
 * @throws {SiteError} If an answer is further off than that.
 */
export function demandRecordedAnswers(model, { url, answers }, { pictures, tolerance }) {
  const found = model.predict(Float32Array.from(fromBase64(pictures)), answers.length);
  const expected = answers.flat();
  if (
    found.length === expected.length &&
    expected.every((value, i) => Math.abs(found[i] - value) <= tolerance)
  ) {
    return;
  }
  throw new SiteError(
    `The model (${url}) gives other answers here than those that were checked: ` +
      "its file is damaged, or this browser computes differently.",
  );
}
