/** Reads photos of paper: shows each in the place of the pad, and what was found in it. */
import { reasonOf } from "../model/files.js";
import { createCamera } from "../picture/camera.js";
import { decodeFirst } from "../picture/decode.js";
import { nextFrame, showInFrame } from "../picture/frame.js";
import { markDigits } from "./found.js";
import { greyOf } from "./grey.js";
import { readPhoto } from "./read.js";

/** @import { Drawing } from "../types" */

/**
 * @param {object} options
 * @param {(ink: Drawing | null) => void} options.onRead Called with the ink on a photo; null if there are no digits.
 * @param {(reason: string) => void} options.onProblem Called with why no photo can be read; empty once one can.
 */
export function createPhotos({ onRead, onProblem }) {
  /** @type {Promise<ImageBitmap> | undefined} */
  let latest; // of the pictures that are being opened

  /** @param {Promise<ImageBitmap>} opening */
  async function take(opening) {
    latest = opening;
    onProblem("");
    try {
      const picture = await opening;
      if (latest !== opening) return picture.close();
      onRead(null); // what was read before
      const frame = showInFrame(picture);
      const { grey, step } = greyOf(picture);
      picture.close();
      await nextFrame(); // reading takes a while: first the photo
      if (latest !== opening) return;
      const { ink, place } = readPhoto(grey);
      markDigits(frame, ink, (x, y) => place(x, y).map((side) => side * step));
      onRead(ink);
    } catch (error) {
      if (latest === opening) onProblem(reasonOf(error));
    }
  }

  const camera = createCamera({
    onPicture: take,
    onChange: (reason) => onProblem(reason?.message ?? ""),
  });

  return {
    pressCamera: camera.press,

    /** @param {Iterable<Blob>} files */
    read(files) {
      camera.stop();
      take(decodeFirst(files));
    },

    leave() {
      latest = undefined;
      camera.stop();
    },
  };
}
