/** The probabilities of all classes as bars, one row for each class. */
import { asPercent } from "./format.js";

/**
 * @param {HTMLElement} list An empty `<ol>` or `<ul>`.
 * @param {string[]} labels Names of the classes, in the order of the model's outputs.
 */
export function createBars(list, labels) {
  const rows = labels.map(createRow);
  list.replaceChildren(...rows.map(({ item }) => item));

  /** @param {ArrayLike<number>} probabilities One for each class, 0..1. @param {number} best Index of the largest. */
  function show(probabilities, best) {
    rows.forEach(({ item, percent }, i) => {
      item.style.setProperty("--fraction", probabilities[i].toFixed(4));
      item.classList.toggle("best", i === best);
      percent.textContent = asPercent(probabilities[i]);
    });
  }

  function clear() {
    for (const { item, percent } of rows) {
      item.style.setProperty("--fraction", "0");
      item.classList.remove("best");
      percent.textContent = "";
    }
  }

  clear();
  return { show, clear };
}

/** @param {string} label */
function createRow(label) {
  const item = document.createElement("li");
  const name = createSpan("name", label);
  const track = createSpan("track");
  const percent = createSpan("percent");
  track.append(createSpan("fill"));
  item.append(name, track, percent);
  return { item, percent };
}

/** @param {string} className @param {string} [text] */
function createSpan(className, text = "") {
  const span = document.createElement("span");
  span.className = className;
  span.textContent = text;
  return span;
}
