/** The page: reads the site's files, lets people draw, and answers while they do. */

import { createPad } from "./drawing/pad.js";
import { normalise } from "./drawing/preprocess.js";
import { SiteError } from "./model/files.js";
import { loadSite, openModels } from "./model/models.js";
import { createAnswer } from "./ui/answer.js";
import { createComparison } from "./ui/comparison.js";
import { showFacts } from "./ui/facts.js";
import { obeyKeys } from "./ui/shortcuts.js";

/** Pixels of the drawing for each pixel of the model: enough that small digits keep their shape. */
const OVERSAMPLING = 10;

/**
 * Makes the page work; what prevents that, it says on the page.
 *
 * @param {import("./model/files.js").Files} files
 * @returns {Promise<boolean>} Whether it works.
 */
export async function start(files) {
  try {
    await run(files);
    document.documentElement.dataset.ready = "true";
    return true;
  } catch (error) {
    showProblem(error);
    return false;
  }
}

async function run(files) {
  const site = await loadSite(files);
  const [first] = site.variants;
  showFacts(document, site, first);
  const { contract } = site;
  const loadModel = openModels(files, site);
  const answer = createAnswer(document, contract);
  let model = null;

  const look = () => {
    const drawing = pad.read();
    return drawing.data.some(Boolean) ? normalise(drawing, contract) : null; // all ink may lie beside the pad
  };
  const paintAndAnswer = () => {
    pad.paint();
    if (model) answerTo(look(), model, answer);
  };
  const soon = oncePerFrame(paintAndAnswer);
  const pad = createPad(document.getElementById("pad"), {
    resolution: OVERSAMPLING * Math.max(contract.height, contract.width),
    onChange: () => soon(),
    onLift: () =>
      soon(() => {
        answer.announce();
        comparison.show(look());
      }),
  });
  const comparison = createComparison(document, site, loadModel, {
    look,
    onSwitch(variant, itsModel) {
      model = itsModel;
      showFacts(document, site, variant);
      soon(answer.announce);
    },
  });
  offerButtons(pad);

  model = await loadModel(first);
  paintAndAnswer(); // to what was drawn in the meantime
  comparison.offer();
}

function offerButtons(pad) {
  const actions = { undo: pad.undo, clear: pad.clear };
  for (const [id, act] of Object.entries(actions)) {
    const button = document.getElementById(id);
    button.addEventListener("click", act);
    button.disabled = false;
  }
  obeyKeys(document, actions);
}

function answerTo(picture, model, answer) {
  if (picture) answer.show(picture, model.predict(Float32Array.from(picture), 1));
  else answer.clear();
}

/**
 * Joins calls between two frames into one.
 *
 * @param {() => void} work
 * @returns {(afterwards?: () => void) => void} Asks for the work; `afterwards` runs right behind it.
 */
function oncePerFrame(work) {
  let asked = false;
  const followers = [];
  const run = () => {
    asked = false;
    work();
    for (const follow of followers.splice(0)) follow();
  };
  return (afterwards) => {
    if (afterwards) followers.push(afterwards);
    if (!asked) requestAnimationFrame(run);
    asked = true;
  };
}

function showProblem(error) {
  const alert = document.getElementById("alert");
  const reason = error instanceof SiteError ? error.message : `Something went wrong: ${error.message}.`;
  alert.textContent = `This page cannot recognise digits. ${reason}`;
  alert.hidden = false;
  document.getElementById("paper").classList.add("broken");
}
