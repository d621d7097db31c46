/** Parts of index.html that are there, or else the page says what is missing. */

/** @template {HTMLElement} T @param {string} id @param {new () => T} type The class of the element. */
export function element(id, type) {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`index.html has no “${id}”`);
}

/** @param {HTMLCanvasElement} canvas @param {CanvasRenderingContext2DSettings} [settings] */
export function contextOf(canvas, settings) {
  const context = canvas.getContext("2d", settings);
  if (context) return context;
  throw new Error("this browser cannot draw on a canvas");
}

/**
 * Sets an element's text if it is another one: what is set is laid out anew, be it the same.
 *
 * @param {Node} node
 * @param {string} text
 */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
