/** Offers to read a photo in the place of a drawing. What reads photos is loaded when the first one comes. */
import { element } from "../dom.js";
import { listenToSources } from "../picture/sources.js";

/** @import { Drawing } from "../types" */

const NOT_LOADED = "The part of this page that reads photos could not be loaded. Reload it with a network.";

/**
 * @param {() => void} onChange Called when another photo was read, or none could be.
 */
export function offerPhotos(onChange) {
  const problem = element("picture-problem", HTMLElement);
  const picture = element("picture", HTMLCanvasElement);
  const camera = element("camera", HTMLButtonElement);
  /** @type {ReturnType<typeof load> | undefined} */
  let loading;
  /** @type {Drawing | null} */
  let ink = null;

  /** @param {string} reason */
  const showProblem = (reason) => {
    problem.textContent = reason;
  };

  async function load() {
    const { createPhotos } = await import("./photos.js");
    return createPhotos({
      onProblem: showProblem,
      onRead(found) {
        ink = found;
        onChange();
      },
    });
  }

  /** @param {(photos: Awaited<ReturnType<typeof load>>) => void} act */
  async function withPhotos(act) {
    loading = loading ?? load();
    await loading.then(act, () => showProblem(NOT_LOADED));
  }

  /** Takes the photo from the page, and switches the camera off. @returns Whether there was one. */
  function leave() {
    if (!loading) return false;
    const shown = !picture.hidden;
    ink = null;
    picture.hidden = true;
    showProblem("");
    loading.then((photos) => photos.leave()).catch(() => {});
    return shown;
  }

  listenToSources((files) => withPhotos((photos) => photos.read(files)));
  camera.addEventListener("click", () => withPhotos((photos) => photos.pressCamera()));
  camera.hidden = !navigator.mediaDevices; // there is none on a page without HTTPS

  return { leave, read: () => ink };
}
