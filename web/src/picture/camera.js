/** The camera: it is asked for when somebody presses its button, and off as soon as the picture is taken. */
import { element } from "../dom.js";
import { SiteError } from "../model/files.js";

/** @type {Record<string, string>} By the names of the errors of `getUserMedia`. */
const PROBLEMS = {
  NotAllowedError:
    "The camera was not allowed. Allow it in the browser’s settings for this page, or choose a picture.",
  NotFoundError: "This device has no camera. Choose a picture.",
  NotReadableError: "Another program is using the camera. Close it there, or choose a picture.",
};

/**
 * The camera behind its button, whose texts are for both of its states.
 *
 * @param {object} options
 * @param {(picture: Promise<ImageBitmap>) => void} options.onPicture Called when a picture is taken.
 * @param {(problem: SiteError | null) => void} options.onChange Called when the camera starts, ends or fails.
 */
export function createCamera({ onPicture, onChange }) {
  const button = element("camera", HTMLButtonElement);
  const video = element("video", HTMLVideoElement);
  const [idle, live] = [button.textContent, button.dataset.live ?? ""];
  /** @type {MediaStream | null} */
  let stream = null;
  let wanted = false; // the permission may come when nobody wants it any more

  async function begin() {
    wanted = true;
    try {
      // On a telephone the camera at the back.
      const opened = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      if (!wanted) return end(opened);
      stream = opened;
      stream.getVideoTracks()[0].addEventListener("ended", stop); // unplugged, or taken away
      video.srcObject = stream;
      await video.play();
      show();
    } catch (error) {
      if (!wanted) return;
      stop();
      onChange(problemOf(error));
    }
  }

  function take() {
    const picture = createImageBitmap(video); // of this very moment
    onPicture(picture.finally(stop));
  }

  /** Switches the camera off, if it is on or about to be. */
  function stop() {
    if (!wanted) return;
    wanted = false;
    if (stream) end(stream);
    stream = null;
    video.srcObject = null;
    show();
  }

  function show() {
    video.hidden = !stream;
    button.textContent = stream ? live : idle;
    onChange(null);
  }

  document.addEventListener("visibilitychange", () => document.hidden && stop());
  addEventListener("pagehide", stop);
  addEventListener("keydown", ({ key }) => key === "Escape" && stop());

  /** Does what the button says: switches the camera on, or takes a picture. */
  const press = () => (stream ? take() : begin());

  return { press, stop };
}

/** @param {MediaStream} stream */
function end(stream) {
  for (const track of stream.getTracks()) track.stop();
}

/** @param {any} error */
function problemOf({ name }) {
  return new SiteError(PROBLEMS[name] ?? "The camera did not start. Choose a picture.");
}
