/** The picture on the page, whole. */
import { contextOf, element } from "../dom.js";

/** @import { Crop } from "../types" */

/** No frame on a screen shows more; a photograph would take a hundred megabytes. */
const MOST_PIXELS = 1600;

const SHADE = "rgb(0 0 0 / 45%)";

/** @typedef {{screen: CanvasRenderingContext2D, scale: number}} Frame Pixels of its canvas for each of the picture. */

/** @param {ImageBitmap} picture @returns {Frame} */
export function showInFrame(picture) {
  const canvas = element("picture", HTMLCanvasElement);
  const screen = contextOf(canvas);
  const scale = Math.min(1, MOST_PIXELS / Math.max(picture.width, picture.height));
  const { width, height } = Object.assign(canvas, {
    width: Math.max(1, Math.round(picture.width * scale)),
    height: Math.max(1, Math.round(picture.height * scale)),
  });
  screen.fillStyle = "#fff"; // behind a transparent one, as for the model
  screen.fillRect(0, 0, width, height);
  screen.imageSmoothingQuality = "high";
  screen.drawImage(picture, 0, 0, width, height);
  canvas.hidden = false;
  return { screen, scale };
}

/** @param {Frame} frame @param {Crop} crop What the model sees of the picture; the rest is put in the shade. */
export function shadeAround({ screen, scale }, { left, top, width, height }) {
  const shade = new Path2D();
  shade.rect(0, 0, screen.canvas.width, screen.canvas.height);
  shade.rect(left * scale, top * scale, width * scale, height * scale);
  screen.fillStyle = SHADE;
  screen.fill(shade, "evenodd");
}

/** Waits until the page shows what has changed. */
export function nextFrame() {
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}
