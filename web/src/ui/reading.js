/** What a model's outputs say, in words and rows, by what they mean. It uses no DOM. */
import { asNumber, asPercent } from "./format.js";

/** @import { Output, Reading, Row } from "../types" */

/** A label of several holds from this probability on. */
const HOLDS = 0.5;

/** More numbers than these make no headline. */
const MOST_NUMBERS = 3;

/** @type {Record<Output["kind"], (labels: string[], outputs: Float32Array, confident: number) => Reading>} */
const READ = { softmax: readClasses, sigmoids: readLabels, values: readValues };

/**
 * @param {Output} output What the numbers mean.
 * @param {string[]} labels Names of the outputs, in their order.
 * @param {Float32Array} outputs The model's prediction for one picture.
 * @returns {Reading} Its rows in the order of the outputs.
 */
export function readingOf({ kind, confident }, labels, outputs) {
  return READ[kind](labels, outputs, confident);
}

/** @param {Row[]} rows @param {number} most @returns {Row[]} The most probable first; those without a fraction as they are. */
export function mostProbable(rows, most) {
  if (rows.some(({ fraction }) => fraction === undefined)) return rows;
  return [...rows].sort((a, b) => Number(b.fraction) - Number(a.fraction)).slice(0, most);
}

/**
 * @param {string[]} labels
 * @param {Float32Array} outputs One class of all.
 * @param {number} confident
 */
function readClasses(labels, outputs, confident) {
  const [best, second] = [...outputs.keys()].sort((a, b) => outputs[b] - outputs[a]);
  const first = asPercent(outputs[best]);
  const runnerUp = `${labels[second]} at ${asPercent(outputs[second])}`;
  return {
    headline: labels[best],
    certainty: outputs[best] >= confident ? `${first} confident` : `not confident: ${first}, or ${runnerUp}`,
    confidence: first,
    rows: labels.map((name, i) => ({ name, ...asFraction(outputs[i]), best: i === best })),
  };
}

/** @param {string[]} labels @param {Float32Array} outputs Any number of labels, each for itself. */
function readLabels(labels, outputs) {
  const holding = labels.filter((_, i) => outputs[i] >= HOLDS);
  return {
    headline: holding.join(", ") || "none",
    certainty: `${holding.length} of ${labels.length} labels at ${asPercent(HOLDS)} or more`,
    confidence: "",
    rows: labels.map((name, i) => ({ name, ...asFraction(outputs[i]), best: outputs[i] >= HOLDS })),
  };
}

/** @param {string[]} labels @param {Float32Array} outputs Numbers that are no probabilities. */
function readValues(labels, outputs) {
  const figures = Array.from(outputs, asNumber);
  return {
    headline: figures.length <= MOST_NUMBERS ? figures.join("; ") : `${figures.length} numbers`,
    certainty: "",
    confidence: "",
    rows: labels.map((name, i) => ({ name, figure: figures[i], best: false })),
  };
}

/** @param {number} probability */
function asFraction(probability) {
  return { fraction: probability, figure: asPercent(probability) };
}
