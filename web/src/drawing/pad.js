/**
 * The drawing pad: what mouse, finger or pen draw on a square canvas.
 *
 * Two canvases get every line. The visible one has the screen's pixels; a hidden one of fixed size is read for
 * the model, so that an answer depends neither on the screen's resolution nor on the size of the window, and
 * no large picture is ever read back.
 */
import { paintAll } from "./strokes.js";

/** Sharper than this no screen shows a line; it bounds the memory on large screens of high density. */
const MOST_PIXELS = 1600;

/**
 * @param {HTMLCanvasElement} canvas The visible canvas. Its CSS `color` is the colour of the ink.
 * @param {object} options
 * @param {number} options.resolution Side of the drawing that `read` gives, in pixels.
 * @param {() => void} options.onChange Called after the drawing changed; `paint` is due within a frame.
 * @param {() => void} options.onLift Called after a stroke ended or was taken back.
 */
export function createPad(canvas, { resolution, onChange, onLift }) {
  const paper = canvas.parentElement;
  const visible = canvas.getContext("2d");
  const hidden = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  hidden.canvas.width = hidden.canvas.height = resolution;
  const history = []; // earlier drawings, the latest last
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
    current = [place(event)];
    history.push(strokes);
    strokes = [...strokes, current];
    onChange();
  }

  function move(event) {
    if (!current || event.pointerId !== pointer) return;
    // Between two frames a fast pen visits many points; the browser hands over only the last one unasked.
    const visited = event.getCoalescedEvents?.() ?? [];
    for (const step of visited.length > 0 ? visited : [event]) current.push(place(step));
    onChange();
  }

  function end(event) {
    if (!current || event.pointerId !== pointer) return;
    current = pointer = null;
    onLift();
  }

  /** Takes the last stroke back, or the last clearing. */
  function undo() {
    if (history.length === 0) return;
    strokes = history.pop();
    current = pointer = null;
    onLift();
  }

  function clear() {
    if (strokes.length === 0) return;
    history.push(strokes);
    strokes = [];
    current = pointer = null;
    onLift();
  }

  function paint() {
    for (const context of [visible, hidden]) paintAll(context, strokes);
    paper.classList.toggle("inked", strokes.length > 0);
  }

  /** Fits the visible canvas to its place on the screen, in the colour of the theme, and paints it again. */
  function refresh() {
    const side = Math.round(canvas.clientWidth * devicePixelRatio);
    canvas.width = canvas.height = Math.min(Math.max(side, 1), MOST_PIXELS);
    visible.strokeStyle = getComputedStyle(canvas).color;
    paintAll(visible, strokes);
  }

  /**
   * The ink on the pad, as it was last painted.
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

  return { undo, clear, paint, read };
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
