/** The picture page: takes a picture from a file, a drop, the clipboard or the camera, and shows its prediction. */
import { element } from "../dom.js";
import { reasonOf, SiteError } from "../model/files.js";
import { loadSite, openModels } from "../model/models.js";
import { createAnswer } from "../ui/answer.js";
import { createComparison } from "../ui/comparison.js";
import { showFacts } from "../ui/facts.js";
import { createCamera } from "./camera.js";
import { decode } from "./decode.js";
import { showInFrame } from "./frame.js";
import { modelInput } from "./model_input.js";
import { listenToSources } from "./sources.js";

/** @import { Contract, Files, Model } from "../types" */

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
  const answer = createAnswer(site, MOST_LABELS);
  const problem = element("picture-problem", HTMLElement);
  /** @type {Model | undefined} */
  let model;
  /** @type {Uint8Array | null} */
  let seen = null;
  /** @type {Promise<ImageBitmap> | undefined} */
  let latest; // of the pictures that are being opened
  let waiting = "The model is still loading.";

  const predict = () => {
    if (!seen) return;
    if (!model) return answer.wait(waiting);
    answer.show(seen, model.predict(Float32Array.from(seen), 1));
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
        showInFrame(picture, contract);
        seen = modelInput(picture, contract);
      }
      picture.close();
      await nextFrame(); // a large model takes a while: first the picture
      if (latest === opening) predict();
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
  listenToSources((given) => {
    camera.stop();
    take(openFirst(given));
  });
  const comparison = createComparison(site, loadModel, {
    look: () => seen,
    onSwitch(variant, loaded) {
      model = loaded;
      showFacts(site, variant, facts);
      predict();
    },
  });

  model = await loadModel(first).finally(() => {
    waiting = "";
    predict(); // which ends the waiting, even if there will be no model
  });
  predict(); // a picture may have come in the meantime
  comparison.offer();
}

/** @param {Iterable<Blob>} files */
async function openFirst(files) {
  const [file] = files;
  if (!file) throw new SiteError("There is no picture in it. Choose, drop or paste the file of a picture.");
  return decode(file);
}

/** @param {Contract} contract */
function howItIsSeen({ height, width, channels }) {
  const size = `${width} × ${height} pixels${channels === 1 ? " in grey" : ""}`;
  return `the model sees the middle of it, resized to ${size} (bilinear, as Keras’s smart_resize)`;
}

function nextFrame() {
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}
