/** What the page says about its model: name, size, accuracy, agreement with the reference model. */
import { element } from "../dom.js";
import { asExactPercent, asSize, roundedUp } from "./format.js";

/** @import { Site, Variant } from "../types" */

/** @type {Record<string, string>} */
const DATASETS = { mnist: "MNIST's", pen: "the generated" };

/**
 * @param {Site} site
 * @param {Variant} variant The one that predicts.
 * @param {string[][]} more Of this page, by name and value.
 */
export function showFacts(site, variant, more) {
  const { dataset } = site;
  const facts = [
    ["Model", `${variant.target}, ${asSize(variant.bytes)}`],
    ["Accuracy", accuracyOf(site, variant)],
    ["Agreement with the reference", agreementOf(site, variant)],
    ...more,
  ];
  element("facts", HTMLElement).replaceChildren(...facts.filter(([, value]) => value).map(createFact));
  const note = element("note", HTMLElement);
  note.hidden = dataset !== "pen";
  note.textContent = note.hidden ? "" : "This model was trained on generated pen digits, not on MNIST.";
}

/** @param {Site} site @param {Variant} variant @returns {string} Empty where it was not measured. */
function accuracyOf({ dataset, reference_accuracy: reference }, { parity: { accuracy, samples } }) {
  if (accuracy === null || reference === null) return "";
  const whose = DATASETS[dataset] ?? `${dataset}'s`;
  const both = `${asExactPercent(accuracy)} (reference model ${asExactPercent(reference)})`;
  return `${both} on ${whose} ${samples.toLocaleString("en")} test images`;
}

/** @param {Site} site @param {Variant} variant */
function agreementOf({ output }, { parity: { top1_agreement: agreement, max_abs_diff: difference } }) {
  const what = output.kind === "values" ? "numbers" : "probabilities";
  const within = `${what} within ${roundedUp(difference)}`;
  return agreement === null ? within : `${asExactPercent(agreement)}; ${within}`;
}

/** @param {string[]} fact A name and a value. */
function createFact([name, value]) {
  const fact = document.createElement("div");
  const term = document.createElement("dt");
  const description = document.createElement("dd");
  term.textContent = name;
  description.textContent = value;
  fact.append(term, description);
  return fact;
}
