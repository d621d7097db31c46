/** Starts the page that the build has chosen, whichever it is, or says why it doesn't work. */
import { run } from "inkproof:page";
import { element } from "./dom.js";
import { reasonOf } from "./model/files.js";

/** @import { Files } from "./types" */

/**
 * Makes the page work. If something prevents that, the page shows the reason.
 *
 * @param {Files} files
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

/** @param {unknown} error */
function showProblem(error) {
  const alert = element("alert", HTMLElement);
  alert.textContent = `${alert.dataset.problem} ${reasonOf(error)}`;
  alert.hidden = false;
  element("paper", HTMLElement).classList.add("broken");
}
