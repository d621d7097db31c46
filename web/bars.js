/** The probabilities of all classes as bars, one row a class. */

/**
 * @param {HTMLElement} list An empty `<ol>` or `<ul>`.
 * @param {string[]} labels Names of the classes, in the order of the model's outputs.
 */
export function createBars(list, labels) {
  const rows = labels.map(createRow);
  list.replaceChildren(...rows.map(({ item }) => item));

  /** @param {ArrayLike<number>} probabilities One a class, 0..1. @param {number} best Index of the largest. */
  function show(probabilities, best) {
    rows.forEach(({ item, percent }, i) => {
      item.style.setProperty("--share", probabilities[i].toFixed(4));
      item.classList.toggle("best", i === best);
      percent.textContent = asPercent(probabilities[i]);
    });
  }

  function clear() {
    for (const { item, percent } of rows) {
      item.style.setProperty("--share", "0");
      item.classList.remove("best");
      percent.textContent = "";
    }
  }

  clear();
  return { show, clear };
}

/** A probability in words: whole percents, and never a certainty that the model does not claim. */
export function asPercent(probability) {
  const percents = Math.round(probability * 100);
  if (percents === 100 && probability < 1) return ">99%";
  if (percents === 0 && probability > 0) return "<1%";
  return `${percents}%`;
}

function createRow(label) {
  const item = document.createElement("li");
  const name = createSpan("name", label);
  const track = createSpan("track");
  const percent = createSpan("percent");
  track.append(createSpan("fill"));
  item.append(name, track, percent);
  return { item, percent };
}

function createSpan(className, text = "") {
  const span = document.createElement("span");
  span.className = className;
  span.textContent = text;
  return span;
}
