/** Convolution and pooling of one picture. */
import { convolve } from "../convolution.js";
/** @import { Places } from "../convolution.js" */
/** @import { Attributes } from "./operations.js" */
/** @import { Tensor } from "./tensors.js" */

/**
 * @param {Tensor} picture Shape (1, height, width, channels).
 * @param {Tensor} kernel Shape (height, width, channels, channels of the result).
 * @param {Tensor | undefined} bias
 * @param {Attributes} attributes
 * @returns {Tensor}
 */
export function convolved(picture, kernel, bias, { strides, padding }) {
  const [height, width, given, channels] = kernel.shape;
  if (given !== picture.shape[3])
    throw new Error("expected a convolution of all channels, found one of groups");
  const places = placesOf(picture.shape, [height, width], strides, padding, channels);
  const [pixels, weights, first] = /** @type {Float32Array[]} */ ([
    picture.values,
    kernel.values,
    bias?.values,
  ]);
  const values = convolve(pixels, weights, first, places);
  return { shape: [1, places.outHeight, places.outWidth, channels], values };
}

/**
 * Takes functions of whole pixels, not of each value: V8 makes no function part of the loop once there are two.
 *
 * @param {Tensor} picture Shape (1, height, width, channels).
 * @param {Attributes} attributes
 * @param {number} first What a result begins with.
 * @param {(results: Float64Array, to: number, values: Tensor["values"], from: number, channels: number) => void} add
 *     Adds the channels of a pixel, from a place on, to the results of its window, from another place on.
 * @param {(results: Float64Array, to: number, pixels: number, channels: number) => void} [finish] Given how many pixels
 *     of the picture there were.
 * @returns {Tensor}
 */
export function pooled({ shape, values }, { ksize, strides, padding }, first, add, finish) {
  const [, height, width, channels] = shape;
  const places = placesOf(shape, ksize.slice(1, 3), strides, padding, channels);
  const { outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = places;
  const results = new Float64Array(outHeight * outWidth * channels).fill(first);
  for (let row = 0, to = 0; row < outHeight; row++) {
    const top = row * strideHeight - padInfo.top;
    for (let column = 0; column < outWidth; column++, to += channels) {
      const left = column * strideWidth - padInfo.left;
      const [fromRow, fromColumn] = [Math.max(0, top), Math.max(0, left)];
      const [endRow, endColumn] = [Math.min(height, top + filterHeight), Math.min(width, left + filterWidth)];
      for (let y = fromRow; y < endRow; y++) {
        for (let x = fromColumn; x < endColumn; x++) {
          add(results, to, values, (y * width + x) * channels, channels);
        }
      }
      finish?.(results, to, (endRow - fromRow) * (endColumn - fromColumn), channels);
    }
  }
  return { shape: [1, outHeight, outWidth, channels], values: Float32Array.from(results) };
}

/**
 * Where windows lie in a picture, as TensorFlow places them.
 *
 * @param {number[]} shape Of the picture: 1, height, width, channels.
 * @param {number[]} window Height and width.
 * @param {number[]} strides As in a graph, for all four axes.
 * @param {string} padding `SAME` or `VALID`.
 * @param {number} outChannels
 * @returns {Places}
 */
function placesOf([batchSize, inHeight, inWidth, inChannels], window, strides, padding, outChannels) {
  const along = (/** @type {number} */ side, /** @type {number} */ length, /** @type {number} */ stride) => {
    if (padding === "VALID") return { count: Math.ceil((side - length + 1) / stride), before: 0 };
    const count = Math.ceil(side / stride);
    return { count, before: Math.max(0, (count - 1) * stride + length - side) >> 1 };
  };
  const [filterHeight, filterWidth] = window;
  const [, strideHeight, strideWidth] = strides;
  const rows = along(inHeight, filterHeight, strideHeight);
  const columns = along(inWidth, filterWidth, strideWidth);
  return {
    ...{ batchSize, inHeight, inWidth, inChannels, filterHeight, filterWidth, strideHeight, strideWidth },
    ...{ outHeight: rows.count, outWidth: columns.count, outChannels },
    padInfo: { top: rows.before, left: columns.before },
  };
}
