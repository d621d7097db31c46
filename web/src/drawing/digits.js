/** The digits on the pad, from left to right: the model's inputs, and what its predictions say of all of them. */
import { readingOf } from "../ui/reading.js";
import { partsOf } from "./parts.js";
import { normalise } from "./preprocess.js";
import { refusal, SEVERAL } from "./refusal.js";
import { countRows, digitsOf } from "./side_by_side.js";

/** @import { Contract, Drawing, Reading, Seen, Site } from "../types" */

/** Stands for what is no digit. */
const NONE = "?";

/**
 * @param {Drawing} drawing
 * @param {Contract} contract
 * @returns {Seen | null} Null on a bare pad, which may have ink beside it.
 */
export function look(drawing, contract) {
  const parts = partsOf(drawing);
  if (!parts.length) return null;
  const inRows = countRows(parts, drawing) > 1;
  const digits = inRows ? [parts] : digitsOf(parts, drawing);
  const pictures = digits.map((digit) => normalise(drawing, contract, digit));
  return { pictures, refusal: inRows ? SEVERAL : "" };
}

/**
 * @param {Site} site
 * @param {Seen} seen
 * @param {Float32Array} outputs The model's predictions for it, one after the other.
 * @returns {Reading}
 */
export function readDigits({ contract, output }, seen, outputs) {
  const { labels } = contract;
  const digits = seen.pictures.map((picture, i) => {
    const probabilities = outputs.subarray(i * labels.length, (i + 1) * labels.length);
    const probability = Math.max(...probabilities);
    const reading = readingOf(output, labels, probabilities);
    const refused = seen.refusal || refusal(picture, probability, output, contract);
    const headline = refused ? NONE : reading.headline;
    const certainty = refused || reading.certainty;
    const which = `digit no. ${i + 1}`;
    return { ...reading, headline, certainty, which, doubt: refused ? 2 - probability : 1 - probability };
  });
  const least = digits.reduce((a, b) => (b.doubt > a.doubt ? b : a));
  if (digits.length < 2) return { ...least, which: "" };
  return {
    ...least,
    headline: digits.map(({ headline }) => headline).join(""),
    certainty: `${least.which}, ${least.certainty}`,
  };
}
