/** The drawing page: lets people draw, and shows the model's prediction while they do. */
import { element } from "../dom.js";
import { loadSite, openModels, predict } from "../model/models.js";
import { offerPhotos } from "../photo/offer.js";
import { createAnswer } from "../ui/answer.js";
import { createComparison } from "../ui/comparison.js";
import { showFacts } from "../ui/facts.js";
import { listenToKeys } from "../ui/shortcuts.js";
import { look, readDigits } from "./digits.js";
import { createPad } from "./pad.js";

/** @import { Files, Model, Read } from "../types" */
/** @import { Pad } from "./pad.js" */

/** Pixels of the drawing for each pixel of the model: enough that small digits keep their shape. */
const OVERSAMPLING = 10;

const FACTS = [["Your drawing or photo", "never leaves this device"]];

/** @param {Files} files */
export async function run(files) {
  const site = await loadSite(files);
  const { contract } = site;
  const [first] = site.variants;
  showFacts(site, first, FACTS);
  const loadModel = openModels(files, site);
  /** @type {Read} */
  const read = (seen, outputs) => readDigits(site, seen, outputs);
  const answer = createAnswer(site, read);
  /** @type {Model | undefined} */
  let model;

  const lookNow = () => look(photos.read() ?? pad.read(), contract);
  const paintAndPredict = () => {
    pad.paint();
    if (!model) return;
    const seen = lookNow();
    if (seen) answer.show(seen, predict(model, seen));
    else answer.clear();
  };
  const update = oncePerFrame(paintAndPredict);
  const settle = () =>
    update(() => {
      answer.announce();
      comparison.show(lookNow());
    });
  const pad = createPad(element("pad", HTMLCanvasElement), {
    resolution: OVERSAMPLING * Math.max(contract.height, contract.width),
    onChange() {
      photos.leave();
      update();
    },
    onLift: settle,
  });
  const photos = offerPhotos(() => {
    pad.clear();
    settle();
  });
  const comparison = createComparison(site, loadModel, {
    look: lookNow,
    read,
    onSwitch(variant, loaded) {
      model = loaded;
      showFacts(site, variant, FACTS);
      update(answer.announce);
    },
  });
  offerButtons({
    undo: () => (photos.leave() ? settle() : pad.undo()),
    clear: () => (photos.leave() ? settle() : pad.clear()),
  });

  model = await loadModel(first);
  paintAndPredict(); // something may have been drawn in the meantime
  comparison.offer();
}

/** @param {Pick<Pad, "undo" | "clear">} actions */
function offerButtons({ undo, clear }) {
  for (const [id, act] of Object.entries({ undo, clear })) {
    const button = element(id, HTMLButtonElement);
    button.addEventListener("click", act);
    button.disabled = false;
  }
  listenToKeys({ undo, clear });
}

/**
 * Joins calls between two frames into one.
 *
 * @param {() => void} work
 * @returns {(afterwards?: () => void) => void} Requests the work; `afterwards` runs right behind it.
 */
function oncePerFrame(work) {
  let requested = false;
  /** @type {(() => void)[]} */
  const followers = [];
  const run = () => {
    requested = false;
    work();
    for (const follow of followers.splice(0)) follow();
  };
  return (afterwards) => {
    if (afterwards) followers.push(afterwards);
    if (!requested) requestAnimationFrame(run);
    requested = true;
  };
}
