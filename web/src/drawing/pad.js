/**
 * The drawing pad: what mouse, finger or pen draw on a square canvas.
 *
 * Every line is painted on two canvases. The visible one has the screen's pixels; a hidden one of fixed size is
 * read for the model, so that a prediction depends neither on the screen's resolution nor on the size of the
 * window, and no large picture is ever read back.
 */
import { contextOf } from "../dom.js";
import { paintAll } from "./strokes.js";

/** @import { Drawing, Point } from "../types" */

/** No screen shows a line sharper than this; it bounds the memory on large screens of high density. */
const MOST_PIXELS = 1600;

/**
 * @typedef {ReturnType<typeof createPad>} Pad
 * @typedef {Point[]} Stroke
 */

/**
 * @param {HTMLCanvasElement} canvas The visible canvas. Its CSS `color` is the colour of the ink.
 * @param {object} options
 * @param {number} options.resolution Side of the drawing that `read` returns, in pixels.
 * @param {() => void} options.onChange Called after the drawing changed; `paint` is due within a frame.
 * @param {() => void} options.onLift Called after a stroke ended or was taken back.
 */
export function createPad(canvas, { resolution, onChange, onLift }) {
  const visible = contextOf(canvas);
  const hidden = contextOf(document.createElement("canvas"), { willReadFrequently: true });
  hidden.canvas.width = hidden.canvas.height = resolution;
  /** @type {Stroke[][]} */
  const history = []; // earlier drawings, the latest last
  /** @type {Stroke[]} */
  let strokes = [];
  /** @type {Stroke | null} */
  let current = null;
  let pointer = 0; // the one that draws the current stroke

  /** @param {PointerEvent} event @returns {Point} In fractions of the canvas's sides. */
  function place(event) {
    const box = canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  }

  /** @param {PointerEvent} event */
  function start(event) {
    // One pointer draws at a time: a palm beside the pen, or a second finger, leaves no ink.
    if (current || event.button !== 0) return;
    event.preventDefault();
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer); // the stroke goes on outside, and comes back in
    current = [place(event)];
    history.push(strokes);
    strokes = [...strokes, current];
    onChange();
  }

  /** @param {PointerEvent} event */
  function move(event) {
    if (!current || event.pointerId !== pointer) return;
    // Between two frames a fast pen visits many points; the event itself has only the last one.
    const visited = event.getCoalescedEvents?.() ?? [];
    for (const step of visited.length > 0 ? visited : [event]) current.push(place(step));
    onChange();
  }

  /** @param {PointerEvent} event */
  function end(event) {
    if (current && event.pointerId === pointer) finish(strokes);
  }

  /** Takes the last stroke back, or the last clearing. */
  function undo() {
    const earlier = history.pop();
    if (earlier) finish(earlier);
  }

  function clear() {
    if (strokes.length === 0) return;
    history.push(strokes);
    finish([]);
  }

  /** @param {Stroke[]} drawing What is on the pad now that the current stroke has ended. */
  function finish(drawing) {
    strokes = drawing;
    current = null;
    onLift();
  }

  function paint() {
    for (const context of [visible, hidden]) paintAll(context, strokes);
    canvas.parentElement?.classList.toggle("inked", strokes.length > 0);
  }

  /** Fits the visible canvas to its place on the screen, in the colour of the theme, and paints it again. */
  function refresh() {
    const side = Math.round(canvas.clientWidth * devicePixelRatio);
    canvas.width = canvas.height = Math.min(Math.max(side, 1), MOST_PIXELS);
    visible.strokeStyle = getComputedStyle(canvas).color;
    paintAll(visible, strokes);
  }

  /** @returns {Drawing} The ink on the pad, as it was last painted. */
  function read() {
    const rgba = hidden.getImageData(0, 0, resolution, resolution).data;
    const data = new Uint8Array(resolution * resolution);
    for (let i = 0; i < data.length; i++) data[i] = rgba[4 * i + 3]; // alpha alone: colours follow the theme
    return { data, rows: resolution, columns: resolution };
  }

  canvas.addEventListener("pointerdown", start);
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  canvas.addEventListener("lostpointercapture", end);
  new ResizeObserver(refresh).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", refresh);
  onNextPixelRatio(refresh);
  refresh();

  return { undo, clear, paint, read };
}

/** @param {() => void} callback Called when the window moves to a screen of another density, or the page is zoomed. */
function onNextPixelRatio(callback) {
  const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  const changed = () => {
    callback();
    onNextPixelRatio(callback);
  };
  query.addEventListener("change", changed, { once: true });
}
