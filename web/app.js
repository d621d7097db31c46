/** The page: reads the site's files, lets people draw, and answers while they do. */
import { createAnswer } from "./answer.js";
import { showFacts } from "./facts.js";
import { SiteError, loadModel, loadSite } from "./model.js";
import { createPad } from "./pad.js";
import { normalise } from "./preprocess.js";

/** Pixels of the drawing for each pixel of the model: enough that small digits keep their shape. */
const OVERSAMPLING = 10;

async function start() {
  const site = await loadSite();
  showFacts(document, site);
  const { contract } = site;
  const answer = createAnswer(document, contract);
  const paper = document.getElementById("paper");
  let model = null;

  const answerSoon = oncePerFrame(() => {
    paper.classList.toggle("inked", !pad.isEmpty());
    if (model) answerTo(pad, model, contract, answer);
  });
  const pad = createPad(document.getElementById("pad"), {
    resolution: OVERSAMPLING * Math.max(contract.height, contract.width),
    onInk: () => answerSoon(),
    onLift: () => answerSoon(answer.announce),
  });
  const clear = document.getElementById("clear");
  clear.addEventListener("click", pad.clear);
  clear.disabled = false;

  model = await loadModel(site);
  answerSoon(); // to what was drawn in the meantime
  document.documentElement.dataset.ready = "true";
}

function answerTo(pad, model, contract, answer) {
  const drawing = pad.read();
  if (!drawing.data.some(Boolean)) {
    answer.clear(); // also when all the ink went beside the paper
    return;
  }
  const picture = normalise(drawing, contract);
  answer.show(picture, model.predict(Float32Array.from(picture), 1));
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

start().catch(showProblem);
