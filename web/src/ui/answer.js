/** What the page says about a picture: the class, the model's confidence, the bars, the picture that it sees. */
import { contextOf, element, write } from "../dom.js";
import { createBars } from "./bars.js";
import { mostProbable } from "./reading.js";

/** @import { Contract, Read, Seen, Site } from "../types" */

const OPAQUE = 0xff; // full scale of a byte, as image data has it

/**
 * @param {Site} site
 * @param {Read} read
 * @param {number} [most] How many of the classes to show, the most probable; all in their order, if it is not given.
 */
export function createAnswer({ contract }, read, most) {
  const { height, width, labels } = contract;
  const headline = element("answer", HTMLOutputElement);
  const certainty = element("certainty", HTMLElement);
  const announcement = element("announcement", HTMLElement);
  const screen = contextOf(element("seen", HTMLCanvasElement));
  const title = element("bars-title", HTMLElement);
  const plainTitle = title.textContent;
  const bars = createBars(element("bars", HTMLElement), most ? [] : labels);
  screen.canvas.height = height;
  screen.canvas.width = width;

  /**
   * @param {Seen} seen
   * @param {Float32Array} outputs The model's predictions for it, one after the other.
   */
  function show(seen, outputs) {
    const reading = read(seen, outputs);
    write(headline, reading.headline);
    write(certainty, reading.certainty);
    write(title, reading.which ? `${plainTitle} of ${reading.which}` : plainTitle);
    bars.show(most ? mostProbable(reading.rows, most) : reading.rows);
    const wide = width * seen.pictures.length;
    if (screen.canvas.width !== wide) screen.canvas.width = wide;
    for (const [i, picture] of seen.pictures.entries()) {
      screen.putImageData(imageOf(picture, contract), i * width, 0);
    }
  }

  function clear() {
    wait("");
    screen.canvas.width = width;
  }

  /** @param {string} why There is no prediction yet. */
  function wait(why) {
    headline.value = "";
    certainty.textContent = why;
    announcement.textContent = "";
    title.textContent = plainTitle;
    bars.clear();
  }

  /** For screen readers: once a stroke, as the prediction on the screen changes with every move. */
  function announce() {
    announcement.textContent = [headline.value, certainty.textContent].filter(Boolean).join(", ");
  }

  return { show, clear, wait, announce };
}

/**
 * @param {Uint8Array} picture
 * @param {Contract} contract Of one channel, which is grey, or of red, green and blue.
 */
function imageOf(picture, { height, width, channels }) {
  const image = new ImageData(width, height);
  for (let pixel = 0; pixel < height * width; pixel++) {
    for (let i = 0; i < 3; i++) {
      image.data[4 * pixel + i] = picture[pixel * channels + Math.min(i, channels - 1)];
    }
    image.data[4 * pixel + 3] = OPAQUE;
  }
  return image;
}
