/** From a decoded photo to grey levels of a few hundred pixels: the twin of `read_grey` in `train/drawing/image_file.py`. */
import { contextOf } from "../dom.js";
import { toGrey } from "../picture/channels.js";
import { extremes } from "./statistics.js";

/** @import { Grid } from "./grids.js" */

/** The longer side after reading, in pixels. Averaging down removes a camera's noise. */
const SIDE = 400;

/**
 * @param {ImageBitmap} photo
 * @returns {{grey: Grid, step: number}} What is transparent is white paper or, if nothing would show on that, black; each
 *     grey level is that of `step` pixels down and across.
 */
export function greyOf(photo) {
  const step = Math.ceil(Math.max(photo.width, photo.height) / SIDE);
  const onWhite = averaged(photo, step, "#fff");
  const [low, high] = extremes(onWhite.data);
  return { grey: low < high ? onWhite : averaged(photo, step, "#000"), step };
}

/**
 * It is done in strips, because a whole photo has more pixels than some browsers let a canvas have.
 *
 * @param {ImageBitmap} photo
 * @param {number} step
 * @param {string} paper
 * @returns {Grid}
 */
function averaged(photo, step, paper) {
  const rows = Math.ceil(photo.height / step);
  const columns = Math.ceil(photo.width / step);
  const data = new Float64Array(rows * columns);
  const strip = contextOf(document.createElement("canvas"), { willReadFrequently: true });
  const { width, height } = Object.assign(strip.canvas, { width: photo.width, height: step });
  strip.fillStyle = paper;
  for (let row = 0; row < rows; row++) {
    const high = Math.min(step, photo.height - row * step);
    strip.fillRect(0, 0, width, height);
    strip.drawImage(photo, 0, row * step, width, high, 0, 0, width, high);
    const colours = meansOf(strip.getImageData(0, 0, width, high).data, width, high, step);
    for (const [x, brightness] of toGrey(colours).entries()) {
      const darkest = Math.min(colours[4 * x], colours[4 * x + 1], colours[4 * x + 2]);
      data[row * columns + x] = (brightness + darkest) / 2; // so that yellow ink shows
    }
  }
  return { data, rows, columns };
}

/** @param {Uint8ClampedArray} rgba A strip. @param {number} width @param {number} high @param {number} step */
function meansOf(rgba, width, high, step) {
  const means = new Uint8ClampedArray(4 * Math.ceil(width / step));
  for (let column = 0; column < means.length / 4; column++) {
    const [first, last] = [column * step, Math.min((column + 1) * step, width)];
    let [red, green, blue] = [0, 0, 0];
    for (let y = 0; y < high; y++) {
      const end = 4 * (y * width + last);
      for (let from = 4 * (y * width + first); from < end; from += 4) {
        red += rgba[from];
        green += rgba[from + 1];
        blue += rgba[from + 2];
      }
    }
    const area = (last - first) * high;
    means.set(
      [red, green, blue].map((sum) => Math.floor(sum / area + 0.5)),
      4 * column,
    );
  }
  return means;
}
