/** The copies of the model that the build made: which one answers, and how they differ on one's own drawing. */
import { SiteError } from "../model/files.js";
import { asKilobytes, asPercent, roundedUp } from "./format.js";

/** The copy that the others are compared with: nothing in it was rounded. */
const EXACT = "float32";

/**
 * @param {Document} page
 * @param {import("../model/models.js").Site} site
 * @param {(variant: import("../model/models.js").Variant) => Promise<import("../runtime/runtime.js").Model>} loadModel
 * @param {object} options
 * @param {() => Uint8Array | null} options.look The picture to compare on; null on bare paper.
 * @param {Function} options.onSwitch Called with a variant and its model once that one shall answer.
 */
export function createComparison(page, site, loadModel, { look, onSwitch }) {
  const { variants, contract } = site;
  const problem = page.getElementById("variant-problem");
  const button = page.getElementById("compare");
  const rows = variants.map((variant) => createRow(page, variant));
  rows[0].choice.checked = true;
  page.getElementById("variants").replaceChildren(...rows.map(({ row }) => row));
  let answering = rows[0];
  let models = null; // all of them, once they are being compared

  rows.forEach((row, i) => row.choice.addEventListener("change", () => switchTo(row, variants[i])));
  button.addEventListener("click", compare);

  async function switchTo(row, variant) {
    const model = await orProblem(loadModel(variant));
    if (!row.choice.checked) return; // the person went on to another meanwhile
    if (model) {
      answering = row;
      onSwitch(variant, model);
    } else {
      answering.choice.checked = true;
    }
  }

  async function compare() {
    button.disabled = true;
    models = await orProblem(Promise.all(variants.map(loadModel)));
    button.disabled = false;
    if (!models) return;
    answering.choice.focus(); // the button that had it goes: from now on the table follows the drawing
    button.hidden = true;
    show(look());
  }

  /** What a promise gives; null, and a word on the page, if it fails. */
  async function orProblem(promise) {
    problem.textContent = "";
    try {
      return await promise;
    } catch (error) {
      problem.textContent =
        error instanceof SiteError ? error.message : `Something went wrong: ${error.message}.`;
      return null;
    }
  }

  /** Fills the table for a picture, or empties it where there is none. */
  function show(picture) {
    if (!models) return;
    const pixels = picture && Float32Array.from(picture);
    const answers = models.map((model) => pixels && model.predict(pixels, 1));
    const exact = answers[variants.findIndex(({ weights }) => weights === EXACT)];
    rows.forEach(({ reads, sure, differs }, i) => {
      const best = answers[i] && answers[i].indexOf(Math.max(...answers[i]));
      reads.textContent = answers[i] ? contract.labels[best] : "";
      sure.textContent = answers[i] ? asPercent(answers[i][best]) : "";
      differs.textContent = differenceBetween(answers[i], exact);
    });
  }

  /** Shows the table, where there is anything to choose. */
  function offer() {
    page.getElementById("choice").hidden = variants.length < 2;
  }

  return { show, offer };
}

function differenceBetween(answer, exact) {
  if (!answer || !exact) return "";
  if (answer === exact) return "–";
  const largest = Math.max(...answer.map((probability, i) => Math.abs(probability - exact[i])));
  return `≤ ${roundedUp(largest)}`;
}

function createRow(page, { target, weights, bytes }) {
  const row = page.createElement("tr");
  const choice = page.createElement("input");
  choice.type = "radio";
  choice.name = "variant";
  choice.value = target;
  const label = page.createElement("label");
  label.append(choice, ` ${weights}`);
  const head = page.createElement("th");
  head.scope = "row";
  head.append(label);
  const [size, reads, sure, differs] = Array.from({ length: 4 }, () => page.createElement("td"));
  size.textContent = asKilobytes(bytes);
  row.append(head, size, reads, sure, differs);
  return { row, choice, reads, sure, differs };
}
