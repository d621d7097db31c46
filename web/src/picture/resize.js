/**
 * Brings a picture of any size to the model's: the twin of `keras.preprocessing.image.smart_resize`.
 *
 * It cuts the part with the model's proportions out of the middle and resizes it by bilinear interpolation without
 * antialiasing, as `keras.utils.image_dataset_from_directory(..., crop_to_aspect_ratio=True)` does. It uses no DOM, so
 * that Node can run it.
 */

/** @import { Crop, Size } from "../types" */

/** @typedef {{first: number, second: number, fraction: number}} Sample Between which pixels, and how far, 0..1. */

/**
 * @param {Size} picture
 * @param {Size} target
 * @returns {Crop} The largest part of the picture with the target's proportions, in the middle.
 */
export function cropOf(picture, target) {
  const height = Math.min(picture.height, Math.trunc((picture.width * target.height) / target.width)) || 1;
  const width = Math.min(picture.width, Math.trunc((picture.height * target.width) / target.height)) || 1;
  const top = Math.trunc((picture.height - height) / 2);
  const left = Math.trunc((picture.width - width) / 2);
  return { top, left, height, width };
}

/**
 * @param {(row: number) => ArrayLike<number>} readRow Gives width x channels bytes of a row of the picture.
 * @param {Size} picture
 * @param {Size} target
 * @param {number} channels
 * @returns {Uint8Array} Shape target height x target width x channels, rounded to whole grey levels.
 */
export function resize(readRow, picture, target, channels) {
  const result = new Uint8Array(target.height * target.width * channels);
  const across = samplesAlong(picture.width, target.width);
  let written = 0;
  for (const { first, second, fraction } of samplesAlong(picture.height, target.height)) {
    const upper = readRow(first);
    const lower = second === first ? upper : readRow(second);
    for (const at of across) {
      for (let channel = 0; channel < channels; channel++) {
        const left = at.first * channels + channel;
        const right = at.second * channels + channel;
        const above = between(upper[left], upper[right], at.fraction);
        const below = between(lower[left], lower[right], at.fraction);
        result[written++] = Math.floor(between(above, below, fraction) + 0.5);
      }
    }
  }
  return result;
}

/**
 * Where the pixels of the target lie among those of the picture, along one side: centre on centre, as TensorFlow's
 * `tf.image.resize` has it.
 *
 * @param {number} given Pixels of the picture.
 * @param {number} wanted Pixels of the target.
 * @returns {Sample[]} One for each pixel of the target.
 */
function samplesAlong(given, wanted) {
  return Array.from({ length: wanted }, (_, i) => {
    const place = ((i + 0.5) * given) / wanted - 0.5;
    const before = Math.floor(place);
    return {
      first: Math.max(before, 0),
      second: Math.min(Math.ceil(place), given - 1),
      fraction: place - before,
    };
  });
}

/** @param {number} from @param {number} to @param {number} fraction */
function between(from, to, fraction) {
  return from + (to - from) * fraction;
}
