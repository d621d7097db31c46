/** Names with their probabilities as bars, or with numbers that are none: one row for each. */
import { write } from "../dom.js";

/** @import { Row } from "../types" */

/**
 * @param {HTMLElement} list An empty `<ol>` or `<ul>`.
 * @param {string[]} names Of the rows that are there before anything is shown.
 */
export function createBars(list, names) {
  const bare = names.map((name) => ({ name, fraction: 0, figure: "", best: false }));
  /** @type {ReturnType<typeof createRow>[]} */
  let items = [];

  /** @param {Row[]} rows */
  function show(rows) {
    if (items.length !== rows.length) {
      items = rows.map(createRow);
      list.replaceChildren(...items.map(({ item }) => item));
    }
    list.parentElement?.classList.toggle("unread", rows.length === 0);
    for (const [i, row] of rows.entries()) fill(items[i], row);
  }

  function clear() {
    show(bare);
  }

  clear();
  return { show, clear };
}

function createRow() {
  const item = document.createElement("li");
  const [name, track, percent] = ["name", "track", "percent"].map(createSpan);
  track.append(createSpan("fill"));
  item.append(name, track, percent);
  return { item, name, track, percent };
}

/** @param {ReturnType<typeof createRow>} parts @param {Row} row */
function fill({ item, name, track, percent }, { name: text, fraction, figure, best }) {
  write(name, text);
  write(percent, figure);
  item.classList.toggle("best", best);
  track.hidden = fraction === undefined;
  item.style.setProperty("--fraction", (fraction ?? 0).toFixed(4));
}

/** @param {string} className */
function createSpan(className) {
  const span = document.createElement("span");
  span.className = className;
  return span;
}
