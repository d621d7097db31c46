/** What the page says about its model: which it is, how large, how good, how close to the original. */
import { asExactPercent, asKilobytes, roundedUp } from "./format.js";

const DATASETS = { mnist: "MNIST's", pen: "the generated" };

/**
 * @param {Document} page
 * @param {import("../model/models.js").Site} site
 * @param {import("../model/models.js").Variant} variant The one that answers.
 */
export function showFacts(page, site, variant) {
  const { dataset } = site;
  const { target, bytes, parity } = variant;
  const whose = DATASETS[dataset] ?? `${dataset}'s`;
  const facts = [
    ["Model", `${target}, ${asKilobytes(bytes)}`],
    [
      "Accuracy",
      `${accuracyOf(parity, site)} on ${whose} ${parity.samples.toLocaleString("en")} test images`,
    ],
    ["Same answer as the original", `${asExactPercent(parity.top1_agreement)}${differenceOf(parity)}`],
    ["Your drawing", "never leaves this device"],
  ];
  page
    .getElementById("facts")
    .replaceChildren(...facts.map(([name, value]) => createFact(page, name, value)));
  const note = page.getElementById("note");
  note.hidden = dataset !== "pen";
  note.textContent = note.hidden ? "" : "This model was trained on generated pen digits, not on MNIST.";
}

function accuracyOf(parity, { reference_accuracy: reference }) {
  const own = asExactPercent(parity.accuracy);
  return typeof reference === "number" ? `${own} (original ${asExactPercent(reference)})` : own;
}

function differenceOf({ max_abs_diff: difference }) {
  return typeof difference === "number" ? `; probabilities within ${roundedUp(difference)}` : "";
}

function createFact(page, name, value) {
  const fact = page.createElement("div");
  const term = page.createElement("dt");
  const description = page.createElement("dd");
  term.textContent = name;
  description.textContent = value;
  fact.append(term, description);
  return fact;
}
