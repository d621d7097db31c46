/** What the page says about its model: name, size, accuracy, agreement with the reference model. */
import { element } from "../dom.js";
import { asExactPercent, asKilobytes, roundedUp } from "./format.js";

/** @import { Site, Variant } from "../types" */

/** @type {Record<string, string>} */
const DATASETS = { mnist: "MNIST's", pen: "the generated" };

/**
 * @param {Site} site
 * @param {Variant} variant The one that predicts.
 */
export function showFacts({ dataset, reference_accuracy: reference }, { target, bytes, parity }) {
  const whose = DATASETS[dataset] ?? `${dataset}'s`;
  const accuracy = `${asExactPercent(parity.accuracy)} (reference model ${asExactPercent(reference)})`;
  const agreement = `${asExactPercent(parity.top1_agreement)}; probabilities within ${roundedUp(parity.max_abs_diff)}`;
  const facts = [
    ["Model", `${target}, ${asKilobytes(bytes)}`],
    ["Accuracy", `${accuracy} on ${whose} ${parity.samples.toLocaleString("en")} test images`],
    ["Agreement with the reference", agreement],
    ["Your drawing", "never leaves this device"],
  ];
  element("facts", HTMLElement).replaceChildren(...facts.map(createFact));
  const note = element("note", HTMLElement);
  note.hidden = dataset !== "pen";
  note.textContent = note.hidden ? "" : "This model was trained on generated pen digits, not on MNIST.";
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
