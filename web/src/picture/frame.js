/** The picture on the page, whole, with what the model doesn't see of it in the shade. */
import { contextOf, element } from "../dom.js";
import { cropOf } from "./resize.js";

/** @import { Size } from "../types" */

/** No frame on a screen shows more; a photograph would take a hundred megabytes. */
const MOST_PIXELS = 1600;

const SHADE = "rgb(0 0 0 / 45%)";

/** @param {ImageBitmap} picture @param {Size} target What the model takes. */
export function showInFrame(picture, target) {
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
  const crop = cropOf({ width, height }, target);
  const shade = new Path2D();
  shade.rect(0, 0, width, height);
  shade.rect(crop.left, crop.top, crop.width, crop.height);
  screen.fillStyle = SHADE;
  screen.fill(shade, "evenodd");
  canvas.hidden = false;
  element("paper", HTMLElement).classList.add("inked");
}
