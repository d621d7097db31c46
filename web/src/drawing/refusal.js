/** When the answer is no digit: the twin of `train/evaluation/refusal.py`, which says where its numbers come from. */
import { boundsOf } from "./parts.js";

/** @import { Contract, Output } from "../types" */

/** A blot covers more than this of the box around it, unless the box is narrow. */
const BLOT = 0.73;
const NARROW = 0.6;
/** Width over height. */
const WIDE = 1.25;
/** Of the darkest ink: what is fainter lies outside of the box. */
const EDGE = 0.5;

const UNKNOWN = "not a digit I know";
export const SEVERAL = "more than one digit";

/**
 * @param {Uint8Array} picture The model's input.
 * @param {number} probability The highest of the model's probabilities for it, 0..1.
 * @param {Output} output
 * @param {Contract} contract
 * @returns {string} Why the picture gets no digit for an answer; empty if it gets one.
 */
export function refusal(picture, probability, { confident, known_from: knownFrom }, contract) {
  const { wide, blot } = shapeOf(picture, contract);
  if (wide && !blot && probability < confident) return SEVERAL;
  return blot || probability < knownFrom ? UNKNOWN : "";
}

/** @param {Uint8Array} picture @param {Contract} contract @returns Whether the ink is wider than a digit, and whether it is a blot. */
function shapeOf(picture, { width: columns, background, ink }) {
  const amounts = Array.from(picture, (grey) => (grey - background) / (ink - background));
  const least = EDGE * Math.max(...amounts);
  const dark = [...amounts.keys()].filter((i) => amounts[i] > least);
  const { height, width } = boundsOf(dark, columns);
  const amount = amounts.reduce((sum, one) => sum + one, 0);
  return { wide: width > WIDE * height, blot: width > NARROW * height && amount > BLOT * height * width };
}
