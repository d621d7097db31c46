/** What the page says about a picture: the class, the model's confidence, the bars, the picture that it sees. */
import { contextOf, element } from "../dom.js";
import { createBars } from "./bars.js";
import { mostProbable, readingOf } from "./reading.js";

/** @import { Site } from "../types" */

const OPAQUE = 0xff; // full scale of a byte, as image data has it

/**
 * @param {Site} site
 * @param {number} [most] How many of the classes to show, the most probable; all in their order, if it is not given.
 */
export function createAnswer({ contract, output }, most) {
  const { height, width, channels, labels } = contract;
  const headline = element("answer", HTMLOutputElement);
  const certainty = element("certainty", HTMLElement);
  const announcement = element("announcement", HTMLElement);
  const seen = element("seen", HTMLCanvasElement);
  seen.width = width;
  seen.height = height;
  const screen = contextOf(seen);
  const bars = createBars(element("bars", HTMLElement), most ? [] : labels);

  /**
   * @param {Uint8Array} picture The model's input, height x width x channels grey levels.
   * @param {Float32Array} outputs The model's prediction for it.
   */
  function show(picture, outputs) {
    const reading = readingOf(output, labels, outputs);
    headline.value = reading.headline;
    certainty.textContent = reading.certainty;
    bars.show(most ? mostProbable(reading.rows, most) : reading.rows);
    drawPicture(screen, picture, channels);
  }

  function clear() {
    wait("");
    screen.clearRect(0, 0, width, height);
  }

  /** @param {string} why There is no prediction yet. */
  function wait(why) {
    headline.value = "";
    certainty.textContent = why;
    announcement.textContent = "";
    bars.clear();
  }

  /** For screen readers: once a stroke, as the prediction on the screen changes with every move. */
  function announce() {
    announcement.textContent = [headline.value, certainty.textContent].filter(Boolean).join(", ");
  }

  return { show, clear, wait, announce };
}

/**
 * @param {CanvasRenderingContext2D} screen Of the picture's size.
 * @param {Uint8Array} picture
 * @param {number} channels One, which is grey, or red, green and blue.
 */
function drawPicture(screen, picture, channels) {
  const image = screen.createImageData(screen.canvas.width, screen.canvas.height);
  for (let pixel = 0; pixel < picture.length / channels; pixel++) {
    for (let i = 0; i < 3; i++) {
      image.data[4 * pixel + i] = picture[pixel * channels + Math.min(i, channels - 1)];
    }
    image.data[4 * pixel + 3] = OPAQUE;
  }
  screen.putImageData(image, 0, 0);
}
