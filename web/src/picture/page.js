/** The picture page: takes a picture from a file, a drop, the clipboard or the camera, and shows its prediction. */
import { element } from "../dom.js";
import { reasonOf } from "../model/files.js";
import { loadSite, openModels, predict } from "../model/models.js";
import { createAnswer } from "../ui/answer.js";
import { createComparison } from "../ui/comparison.js";
import { showFacts } from "../ui/facts.js";
import { readingOf } from "../ui/reading.js";
import { createCamera } from "./camera.js";
import { decodeFirst } from "./decode.js";
import { nextFrame, shadeAround, showInFrame } from "./frame.js";
import { modelInput } from "./model_input.js";
import { cropOf } from "./resize.js";
import { listenToSources } from "./sources.js";

/** @import { Contract, Files, Model, Read, Seen } from "../types" */

/** People read no more, and a model may have a thousand classes. */
const MOST_LABELS = 5;

/** @param {Files} files */
export async function run(files) {
  const site = await loadSite(files);
  const { contract } = site;
  const [first] = site.variants;
  const facts = [["Your picture", `never leaves this device; ${howItIsSeen(contract)}`]];
  showFacts(site, first, facts);
  const loadModel = openModels(files, site);
  /** @type {Read} */
  const read = (_, outputs) => readingOf(site.output, contract.labels, outputs);
  const answer = createAnswer(site, read, MOST_LABELS);
  const problem = element("picture-problem", HTMLElement);
  /** @type {Model | undefined} */
  let model;
  /** @type {Seen | null} */
  let seen = null;
  /** @type {Promise<ImageBitmap> | undefined} */
  let latest; // of the pictures that are being opened
  let waiting = "The model is still loading.";

  const answerIt = () => {
    if (!seen) return;
    if (!model) return answer.wait(waiting);
    answer.show(seen, predict(model, seen));
    answer.announce();
    comparison.show(seen);
  };

  /** @param {Promise<ImageBitmap>} opening */
  async function take(opening) {
    latest = opening;
    problem.textContent = "";
    try {
      const picture = await opening;
      if (latest === opening) {
        shadeAround(showInFrame(picture), cropOf(picture, contract));
        element("paper", HTMLElement).classList.add("inked");
        seen = { pictures: [modelInput(picture, contract)], refusal: "" };
      }
      picture.close();
      await nextFrame(); // a large model takes a while: first the picture
      if (latest === opening) answerIt();
    } catch (error) {
      if (latest === opening) problem.textContent = reasonOf(error);
    }
  }

  const camera = createCamera({
    onPicture: take,
    onChange(reason) {
      problem.textContent = reason?.message ?? "";
    },
  });
  const button = element("camera", HTMLButtonElement);
  button.addEventListener("click", camera.press);
  button.hidden = !navigator.mediaDevices; // there is none on a page without HTTPS
  listenToSources((given) => {
    camera.stop();
    take(decodeFirst(given));
  });
  const comparison = createComparison(site, loadModel, {
    look: () => seen,
    read,
    onSwitch(variant, loaded) {
      model = loaded;
      showFacts(site, variant, facts);
      answerIt();
    },
  });

  model = await loadModel(first).finally(() => {
    waiting = "";
    answerIt(); // which ends the waiting, even if there will be no model
  });
  answerIt(); // a picture may have come in the meantime
  comparison.offer();
}

/** @param {Contract} contract */
function howItIsSeen({ height, width, channels }) {
  const size = `${width} × ${height} pixels${channels === 1 ? " in grey" : ""}`;
  return `the model sees the middle of it, resized to ${size} (bilinear, as Keras’s smart_resize)`;
}
