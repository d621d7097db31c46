/** Tensors in plain JavaScript, and what is done to their values one by one. */

/**
 * @typedef {object} Tensor
 * @property {number[]} shape
 * @property {Float32Array | Int32Array} values Row by row.
 */

/** @param {number[]} shape @returns {number} How many values it has. */
export function sizeOf(shape) {
  return shape.reduce((product, side) => product * side, 1);
}

/** @param {Tensor} tensor @param {(value: number) => number} change @returns {Tensor} */
export function changed({ shape, values }, change) {
  const results = new Float32Array(values.length); // `from` with a function takes ten times as long
  for (let i = 0; i < results.length; i++) results[i] = change(values[i]);
  return { shape, values: results };
}

/**
 * @param {Tensor} a
 * @param {Tensor} b
 * @param {(a: number, b: number) => number} combine
 * @returns {Tensor} Of the shape to which both broadcast.
 */
export function combined(a, b, combine) {
  const rank = Math.max(a.shape.length, b.shape.length);
  const [sidesOfA, sidesOfB] = [a, b].map(({ shape }) => [...Array(rank - shape.length).fill(1), ...shape]);
  const shape = sidesOfA.map((side, axis) => (side === 1 ? sidesOfB[axis] : side));
  const [inA, inB] = [repeated(a.values, sidesOfA, shape), repeated(b.values, sidesOfB, shape)];
  const values = new Float32Array(sizeOf(shape));
  for (let i = 0, ofA = 0, ofB = 0; i < values.length; i++) {
    values[i] = combine(inA[ofA], inB[ofB]);
    if (++ofA === inA.length) ofA = 0;
    if (++ofB === inB.length) ofB = 0;
  }
  return { shape, values };
}

/**
 * @param {Tensor} tensor
 * @param {number[]} axes
 * @param {boolean} keep Whether the axes stay, each with a side of 1.
 * @param {number} first What a result begins with.
 * @param {(result: number, value: number) => number} add
 * @returns {Tensor} One result for all values along the axes.
 */
export function reduced({ shape, values }, axes, keep, first, add) {
  const gone = shape.map((_, axis) => axes.includes(axis) || axes.includes(axis - shape.length));
  const kept = shape.map((side, axis) => (gone[axis] ? 1 : side));
  const to = offsets(shape, kept);
  const results = new Float64Array(sizeOf(kept)).fill(first);
  for (let i = 0; i < values.length; i++) results[to[i]] = add(results[to[i]], values[i]);
  return { shape: kept.filter((_, axis) => keep || !gone[axis]), values: Float32Array.from(results) };
}

/**
 * @param {Float32Array | Int32Array} values
 * @param {number[]} from
 * @param {number[]} to
 * @returns The values repeated along every axis where the shape `from` has one and `to` several, or the values alone
 *     if nothing but repeating all of them is missing.
 */
function repeated(values, from, to) {
  const first = from.findIndex((side) => side > 1);
  if (first < 0 || from.slice(first).join() === to.slice(first).join()) return values;
  return Float32Array.from(offsets(to, from), (offset) => values[offset]);
}

/**
 * @param {number[]} shape
 * @param {number[]} smaller The same, or 1 along some axes.
 * @returns {Int32Array} For every place in `shape` the number of the value there in a tensor of the smaller shape.
 */
function offsets(shape, smaller) {
  const steps = smaller.map((side, axis) => (side === 1 ? 0 : sizeOf(smaller.slice(axis + 1))));
  const found = new Int32Array(sizeOf(shape));
  for (let i = 0; i < found.length; i++) {
    for (let axis = shape.length - 1, rest = i; axis >= 0; axis--) {
      found[i] += (rest % shape[axis]) * steps[axis];
      rest = Math.floor(rest / shape[axis]);
    }
  }
  return found;
}
