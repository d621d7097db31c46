/**
 * TensorFlow's operations that small networks of pictures are made of, in plain JavaScript, for one picture.
 *
 * A network that needs another one, or another form of one of these, is run by TensorFlow.js.
 */
import { changed, combined, reduced, sizeOf } from "./tensors.js";
import { convolved, pooled } from "./windows.js";

/** @import { Tensor } from "./tensors.js" */

/** @typedef {Record<string, any>} Attributes By name, see `attributesOf`. */
/** @typedef {(inputs: Tensor[], attributes: Attributes) => Tensor} Operation */

/** @type {Record<string, (x: Tensor) => Tensor>} Those that a convolution or a product may be fused with, too. */
const ACTIVATIONS = {
  Relu: rectified,
  Relu6: (x) => changed(x, (value) => Math.min(Math.max(0, value), 6)),
  Elu: (x) => changed(x, (value) => (value > 0 ? value : Math.expm1(value))),
  Sigmoid: (x) => changed(x, (value) => 1 / (1 + Math.exp(-value))),
  Tanh: (x) => changed(x, Math.tanh),
};

/** @type {Record<string, Operation>} Those that take sides of a shape apart, and put them together for a `Reshape`. */
const OF_SIDES = {
  StridedSlice: ([{ values }, begin]) => ({ shape: [], values: values.slice(begin.values[0]).slice(0, 1) }),
  Pack: (inputs) => vector(inputs.map(({ values }) => values[0])),
};

/** @type {Record<string, Operation>} */
const OPERATIONS = {
  Identity: ([x]) => x,
  Conv2D: ([x, kernel], attributes) => convolved(x, kernel, undefined, attributes),
  _FusedConv2D: ([x, kernel, bias], attributes) =>
    activated(convolved(x, kernel, bias, attributes), attributes),
  MatMul: ([a, b]) => multiplied(a, b),
  _FusedMatMul: ([a, b, bias], attributes) => activated(sum(multiplied(a, b), bias), attributes),
  BiasAdd: ([x, bias]) => sum(x, bias),
  Add: ([a, b]) => sum(a, b),
  AddV2: ([a, b]) => sum(a, b),
  AddN: (inputs) => inputs.reduce(sum),
  Sub: ([a, b]) => combined(a, b, (x, y) => x - y),
  Mul: ([a, b]) => combined(a, b, (x, y) => x * y),
  RealDiv: ([a, b]) => combined(a, b, (x, y) => x / y),
  MaxPool: ([x], attributes) =>
    pooled(x, attributes, Number.NEGATIVE_INFINITY, (most, to, values, from, channels) => {
      for (let i = 0; i < channels; i++) most[to + i] = Math.max(most[to + i], values[from + i]);
    }),
  AvgPool: ([x], attributes) =>
    pooled(
      x,
      attributes,
      0,
      (totals, to, values, from, channels) => {
        for (let i = 0; i < channels; i++) totals[to + i] += values[from + i];
      },
      (totals, to, pixels, channels) => {
        for (let i = 0; i < channels; i++) totals[to + i] /= pixels;
      },
    ),
  Max: ([x, axes], { keep_dims }) =>
    reduced(x, [...axes.values], keep_dims, Number.NEGATIVE_INFINITY, Math.max),
  Mean: ([x, axes], { keep_dims }) => {
    const total = reduced(x, [...axes.values], keep_dims, 0, plus);
    const count = x.values.length / total.values.length;
    return changed(total, (value) => value / count);
  },
  Softmax: ([x]) => softmax(x),
  Shape: ([{ shape }]) => vector(shape),
  Reshape: ([{ shape, values }, to]) => {
    const sides = [...to.values];
    const open = sizeOf(shape) / Math.abs(sizeOf(sides)); // of which -1 is one
    return { shape: sides.map((side) => (side < 0 ? open : side)), values };
  },
  ...Object.fromEntries(Object.entries(ACTIVATIONS).map(([name, activate]) => [name, ([x]) => activate(x)])),
  ...OF_SIDES,
};

/** @type {Record<string, (value: any, op: string) => boolean>} What attributes must be, where a node has them. */
const COMPUTED = {
  T: (type, op) => type === (Object.hasOwn(OF_SIDES, op) ? "DT_INT32" : "DT_FLOAT"),
  data_format: (format) => format === "NHWC",
  padding: (padding) => padding === "SAME" || padding === "VALID",
  dilations: onlyOnes,
  strides: ofPictures,
  ksize: ofPictures,
  transpose_a: (flag) => !flag,
  transpose_b: (flag) => !flag,
  fused_ops: ([bias, activation, ...more]) =>
    bias === "BiasAdd" && more.length === 0 && (!activation || Object.hasOwn(ACTIVATIONS, activation)),
  // One side of a shape, and nothing else, is sliced.
  shrink_axis_mask: (mask) => mask === 1,
  begin_mask: (mask) => mask === 0,
  end_mask: (mask) => mask === 0,
  ellipsis_mask: (mask) => mask === 0,
  new_axis_mask: (mask) => mask === 0,
  axis: (axis) => axis === 0,
};

/**
 * @param {string} op
 * @param {Attributes} attributes
 * @returns {Operation | undefined} None if it isn't computed here, or not in this form.
 */
export function operationFor(op, attributes) {
  const known = Object.entries(attributes).every(([name, value]) => COMPUTED[name]?.(value, op) ?? true);
  return known && Object.hasOwn(OPERATIONS, op) ? OPERATIONS[op] : undefined;
}

/** @param {number} a @param {number} b */
function plus(a, b) {
  return a + b;
}

/** @param {Tensor} a @param {Tensor} b @returns {Tensor} Two of one shape, as shortcuts have them, without a call a value. */
function sum(a, b) {
  if (a.shape.join() !== b.shape.join()) return combined(a, b, plus);
  const values = new Float32Array(a.values.length);
  for (let i = 0; i < values.length; i++) values[i] = a.values[i] + b.values[i];
  return { shape: a.shape, values };
}

/** @param {Tensor} x @param {Attributes} attributes */
function activated(x, { fused_ops: [, activation] }) {
  return activation ? ACTIVATIONS[activation](x) : x;
}

/** @param {Tensor} x @returns {Tensor} Without a call a value, because most networks rectify. */
function rectified({ shape, values }) {
  const results = new Float32Array(values.length);
  for (let i = 0; i < results.length; i++) results[i] = Math.max(0, values[i]);
  return { shape, values: results };
}

/** @param {Tensor} a Shape (rows, length). @param {Tensor} b Shape (length, columns). @returns {Tensor} */
function multiplied({ shape: [rows, length], values: a }, { shape: [, columns], values: b }) {
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const sums = new Float64Array(columns);
    for (let i = 0; i < length; i++) {
      const factor = a[row * length + i];
      for (let column = 0; column < columns; column++) sums[column] += factor * b[i * columns + column];
    }
    values.set(sums, row * columns);
  }
  return { shape: [rows, columns], values };
}

/** @param {Tensor} x @returns {Tensor} Along its last axis. */
function softmax(x) {
  const last = [x.shape.length - 1];
  const most = reduced(x, last, true, Number.NEGATIVE_INFINITY, Math.max);
  const powers = combined(x, most, (value, largest) => Math.exp(value - largest));
  return combined(powers, reduced(powers, last, true, 0, plus), (power, total) => power / total);
}

/** @param {number[]} values @returns {Tensor} */
function vector(values) {
  return { shape: [values.length], values: Int32Array.from(values) };
}

/** @param {number[]} sides */
function onlyOnes(sides) {
  return sides.every((side) => side === 1);
}

/** @param {number[]} sides For batch, height, width and channels. */
function ofPictures([pictures, , , channels]) {
  return pictures === 1 && channels === 1;
}
