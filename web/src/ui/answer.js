/** What the page says about a drawing: the digit, how sure it is, the bars, the picture that the model sees. */
import { createBars } from "./bars.js";
import { asPercent } from "./format.js";

/** Below this the page names the runner-up too; above it people take the answer for granted. */
const SURE = 0.8;

const OPAQUE = 0xff; // full scale of a byte, as image data has it

/**
 * @param {Document} page
 * @param {{height: number, width: number, labels: string[]}} contract
 */
export function createAnswer(page, { height, width, labels }) {
  const digit = page.getElementById("answer");
  const certainty = page.getElementById("certainty");
  const announcement = page.getElementById("announcement");
  const seen = page.getElementById("seen");
  seen.width = width;
  seen.height = height;
  const screen = seen.getContext("2d");
  const bars = createBars(page.getElementById("bars"), labels);

  /**
   * @param {Uint8Array} picture What the model was given, height x width grey levels.
   * @param {Float32Array} probabilities One a class, 0..1.
   */
  function show(picture, probabilities) {
    const [best, second] = ranked(probabilities);
    digit.value = labels[best];
    certainty.textContent = describe(best, second, probabilities);
    bars.show(probabilities, best);
    drawPicture(screen, picture, width, height);
  }

  function clear() {
    digit.value = "";
    certainty.textContent = "";
    announcement.textContent = "";
    bars.clear();
    screen.clearRect(0, 0, width, height);
  }

  /** Tells a screen reader; once a stroke, as the answer on the screen changes with every move. */
  function announce() {
    announcement.textContent = digit.value && `${digit.value}, ${certainty.textContent}`;
  }

  function describe(best, second, probabilities) {
    const first = asPercent(probabilities[best]);
    if (probabilities[best] >= SURE) return `${first} sure`;
    return `not sure: ${first}, or ${labels[second]} at ${asPercent(probabilities[second])}`;
  }

  return { show, clear, announce };
}

/** Indices of the classes, the most probable first. */
function ranked(probabilities) {
  return [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
}

function drawPicture(screen, picture, width, height) {
  const image = screen.createImageData(width, height);
  picture.forEach((grey, i) => image.data.set([grey, grey, grey, OPAQUE], 4 * i));
  screen.putImageData(image, 0, 0);
}
