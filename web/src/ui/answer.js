/** What the page says about a drawing: the digit, the model's confidence, the bars, the picture that it sees. */
import { contextOf, element } from "../dom.js";
import { createBars } from "./bars.js";
import { asPercent } from "./format.js";

/** @import { Contract } from "../types" */

/** From this probability on, people take the digit for granted; below it the page names the second digit too. */
const CONFIDENT = 0.8;

const OPAQUE = 0xff; // full scale of a byte, as image data has it

/** @param {Contract} contract */
export function createAnswer({ height, width, labels }) {
  const digit = element("answer", HTMLOutputElement);
  const certainty = element("certainty", HTMLElement);
  const announcement = element("announcement", HTMLElement);
  const seen = element("seen", HTMLCanvasElement);
  seen.width = width;
  seen.height = height;
  const screen = contextOf(seen);
  const bars = createBars(element("bars", HTMLElement), labels);

  /**
   * @param {Uint8Array} picture The model's input, height x width grey levels.
   * @param {Float32Array} probabilities One for each class, 0..1.
   */
  function show(picture, probabilities) {
    const [best, second] = ranked(probabilities);
    digit.value = labels[best];
    certainty.textContent = describe(best, second, probabilities);
    bars.show(probabilities, best);
    drawPicture(screen, picture);
  }

  function clear() {
    digit.value = "";
    certainty.textContent = "";
    announcement.textContent = "";
    bars.clear();
    screen.clearRect(0, 0, width, height);
  }

  /** For screen readers: once a stroke, as the prediction on the screen changes with every move. */
  function announce() {
    announcement.textContent = digit.value && `${digit.value}, ${certainty.textContent}`;
  }

  /** @param {number} best @param {number} second @param {Float32Array} probabilities */
  function describe(best, second, probabilities) {
    const first = asPercent(probabilities[best]);
    if (probabilities[best] >= CONFIDENT) return `${first} confident`;
    return `not confident: ${first}, or ${labels[second]} at ${asPercent(probabilities[second])}`;
  }

  return { show, clear, announce };
}

/** @param {Float32Array} probabilities @returns {number[]} Indices of the classes, the most probable first. */
function ranked(probabilities) {
  return [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
}

/** @param {CanvasRenderingContext2D} screen Of the picture's size. @param {Uint8Array} picture */
function drawPicture(screen, picture) {
  const image = screen.createImageData(screen.canvas.width, screen.canvas.height);
  for (const [i, grey] of picture.entries()) image.data.set([grey, grey, grey, OPAQUE], 4 * i);
  screen.putImageData(image, 0, 0);
}
