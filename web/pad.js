/**
 * The drawing pad: what mouse, finger or pen draw on a square canvas.
 *
 * Two canvases get every line. The visible one has the screen's pixels; a hidden one of fixed size is read for
 * the model, so that an answer depends neither on the screen's resolution nor on the size of the window, and
 * no large picture is ever read back.
 */
import { beginStroke, paintAll, paintEnd, paintNewPieces } from "./strokes.js";

/** Sharper than this no screen shows a line; it bounds the memory on large screens of high density. */
const MOST_PIXELS = 1600;

/**
 * @param {HTMLCanvasElement} canvas The visible canvas. Its CSS `color` is the colour of the ink.
 * @param {object} options
 * @param {number} options.resolution Side of the drawing that `read` gives, in pixels.
 * @param {() => void} options.onInk Called after the drawing changed.
 * @param {() => void} options.onLift Called after a stroke ended.
 */
export function createPad(canvas, { resolution, onInk, onLift }) {
  const visible = canvas.getContext("2d");
  const hidden = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  hidden.canvas.width = hidden.canvas.height = resolution;
  const both = [visible, hidden];
  let strokes = [];
  let current = null;
  let pointer = null;

  /** Where an event lies, as shares of the canvas's sides. */
  function place(event) {
    const box = canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  }

  function start(event) {
    // One pointer draws at a time: a palm beside the pen, or a second finger, leaves no ink.
    if (current || event.button !== 0) return;
    event.preventDefault();
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer); // the stroke goes on outside, and comes back in
    current = beginStroke(place(event));
    strokes.push(current);
    paintNewPieces(both, current);
    onInk();
  }

  function move(event) {
    if (!current || event.pointerId !== pointer) return;
    // Between two frames a fast pen visits many points; the browser hands over only the last one unasked.
    const visited = event.getCoalescedEvents?.() ?? [];
    for (const step of visited.length > 0 ? visited : [event]) current.points.push(place(step));
    paintNewPieces(both, current);
    onInk();
  }

  function end(event) {
    if (!current || event.pointerId !== pointer) return;
    current.ended = true;
    paintEnd(both, current);
    current = pointer = null;
    onInk();
    onLift();
  }

  function clear() {
    strokes = [];
    current = pointer = null;
    for (const context of both) paintAll(context, strokes);
    onInk();
  }

  /** Fits the visible canvas to its place on the screen, in the colour of the theme, and paints it again. */
  function refresh() {
    const side = Math.round(canvas.clientWidth * devicePixelRatio);
    canvas.width = canvas.height = Math.min(Math.max(side, 1), MOST_PIXELS);
    visible.strokeStyle = getComputedStyle(canvas).color;
    paintAll(visible, strokes);
  }

  /**
   * The ink on the pad.
   *
   * @returns {{data: Uint8Array, rows: number, columns: number}} Coverage 0..0xff, row by row.
   */
  function read() {
    const rgba = hidden.getImageData(0, 0, resolution, resolution).data;
    const data = new Uint8Array(resolution * resolution);
    for (let i = 0; i < data.length; i++) data[i] = rgba[4 * i + 3]; // alpha alone: colours follow the theme
    return { data, rows: resolution, columns: resolution };
  }

  canvas.addEventListener("pointerdown", start);
  canvas.addEventListener("pointermove", move);
  for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) canvas.addEventListener(type, end);
  new ResizeObserver(refresh).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", refresh);
  onNextPixelRatio(refresh);
  refresh();

  return { clear, read, isEmpty: () => strokes.length === 0 };
}

/** Calls back whenever the window moves to a screen of other density, or the page is zoomed. */
function onNextPixelRatio(callback) {
  const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  const changed = () => {
    callback();
    onNextPixelRatio(callback);
  };
  query.addEventListener("change", changed, { once: true });
}
