/** The exported models: which one predicts, and how their predictions for one's own picture differ. */
import { element } from "../dom.js";
import { reasonOf } from "../model/files.js";
import { predict } from "../model/models.js";
import { asSize, roundedUp } from "./format.js";

/** @import { Model, Read, Seen, Site, Variant } from "../types" */

/** Weights of the model that the others are compared with: none of them was rounded. */
const EXACT = "float32";

/**
 * @param {Site} site
 * @param {(variant: Variant) => Promise<Model>} loadModel
 * @param {object} options
 * @param {() => Seen | null} options.look What to compare on; null where there is nothing.
 * @param {Read} options.read
 * @param {(variant: Variant, model: Model) => void} options.onSwitch Called with the model that predicts from now on.
 */
export function createComparison({ variants }, loadModel, { look, read, onSwitch }) {
  const problem = element("variant-problem", HTMLElement);
  const button = element("compare", HTMLButtonElement);
  const rows = variants.map(createRow);
  let [chosen] = rows;
  chosen.choice.checked = true;
  element("variants", HTMLElement).replaceChildren(...rows.map(({ row }) => row));
  /** @type {Model[] | null | undefined} */
  let models; // all of them, once they are being compared

  for (const row of rows) row.choice.addEventListener("change", () => switchTo(row));
  button.addEventListener("click", compare);

  /** @param {Row} row */
  async function switchTo(row) {
    const model = await orProblem(loadModel(row.variant));
    if (!row.choice.checked) return; // another was chosen meanwhile
    if (model) {
      chosen = row;
      onSwitch(row.variant, model);
    } else {
      chosen.choice.checked = true;
    }
  }

  async function compare() {
    button.disabled = true;
    models = await orProblem(Promise.all(variants.map(loadModel)));
    button.disabled = false;
    if (!models) return;
    chosen.choice.focus(); // the button that had it goes: from now on the table follows the picture
    button.hidden = true;
    show(look());
  }

  /** @template T @param {Promise<T>} promise @returns {Promise<T | null>} Null if it fails; the page says why. */
  async function orProblem(promise) {
    problem.textContent = "";
    try {
      return await promise;
    } catch (error) {
      problem.textContent = reasonOf(error);
      return null;
    }
  }

  /** @param {Seen | null} seen What to fill the table for; null empties it. */
  function show(seen) {
    if (!models) return;
    const predictions = models.map((model) => seen && predict(model, seen));
    const exact = predictions[variants.findIndex(({ weights }) => weights === EXACT)];
    rows.forEach(({ reads, confidence, difference }, i) => {
      const prediction = predictions[i];
      const reading = seen && prediction && read(seen, prediction);
      reads.textContent = reading?.headline ?? "";
      confidence.textContent = reading?.confidence ?? "";
      difference.textContent = prediction && exact ? differenceBetween(prediction, exact) : "";
    });
  }

  /** Shows the table, where there is anything to choose. */
  function offer() {
    element("choice", HTMLElement).hidden = variants.length < 2;
  }

  return { show, offer };
}

/** @param {Float32Array} prediction @param {Float32Array} exact */
function differenceBetween(prediction, exact) {
  if (prediction === exact) return "–";
  const largest = Math.max(...prediction.map((probability, i) => Math.abs(probability - exact[i])));
  return `≤ ${roundedUp(largest)}`;
}

/**
 * @typedef {ReturnType<typeof createRow>} Row
 * @param {Variant} variant
 */
function createRow(variant) {
  const row = document.createElement("tr");
  const choice = document.createElement("input");
  choice.type = "radio";
  choice.name = "variant";
  choice.value = variant.target;
  const label = document.createElement("label");
  label.append(choice, ` ${variant.weights}`);
  const head = document.createElement("th");
  head.scope = "row";
  head.append(label);
  row.append(head);
  const [size, reads, confidence, difference] = Array.from({ length: 4 }, () => row.insertCell());
  size.textContent = asSize(variant.bytes);
  return { variant, row, choice, reads, confidence, difference };
}
