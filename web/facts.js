/** What the page says about its model: which it is, how large, how good, how close to the original. */

const DATASETS = { mnist: "MNIST's", pen: "the generated" };

/**
 * @param {Document} page
 * @param {import("./model.js").Site} site
 */
export function showFacts(page, site) {
  const { model, parity, dataset } = site;
  const whose = DATASETS[dataset] ?? `${dataset}'s`;
  const facts = [
    ["Model", `${model.target}, ${asKilobytes(model.bytes)}`],
    ["Accuracy", `${accuracyOf(site)} on ${whose} ${parity.samples.toLocaleString("en")} test images`],
    ["Same answer as the original", `${asExactPercent(parity.top1_agreement)}${differenceOf(parity)}`],
    ["Your drawing", "never leaves this device"],
  ];
  page.getElementById("facts").replaceChildren(...facts.map(([name, value]) => createFact(page, name, value)));
  const note = page.getElementById("note");
  note.hidden = dataset !== "pen";
  note.textContent = note.hidden ? "" : "This model was trained on generated pen digits, not on MNIST.";
}

function accuracyOf({ parity, reference_accuracy: reference }) {
  const own = asExactPercent(parity.accuracy);
  return typeof reference === "number" ? `${own} (original ${asExactPercent(reference)})` : own;
}

function differenceOf({ max_abs_diff: difference }) {
  return typeof difference === "number" ? `; probabilities within ${roundedUp(difference)}` : "";
}

/** Cut, not rounded: 99.996% must not read as 100%. */
function asExactPercent(share) {
  const hundredths = Math.floor(share * 1e4 + 1e-6); // 0.9951 * 1e4 may end just below 9951
  return `${(hundredths / 100).toFixed(2)}%`;
}

/** Two digits, rounded up, so that "within" stays true. */
function roundedUp(difference) {
  if (difference < 1e-5) return "0.00001";
  const unit = 10 ** (Math.floor(Math.log10(difference)) - 1);
  return String(Number((Math.ceil(difference / unit) * unit).toPrecision(2)));
}

function asKilobytes(bytes) {
  return `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
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
