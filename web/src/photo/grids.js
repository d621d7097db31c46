/** Pictures as numbers in rows, and what neighbourhoods make of them. */

/**
 * @typedef {object} Grid
 * @property {Float64Array} data Row by row.
 * @property {number} rows
 * @property {number} columns
 *
 * @typedef {object} Mask
 * @property {Uint8Array} data Row by row: 1 or 0.
 * @property {number} rows
 * @property {number} columns
 */

/** @param {{rows: number, columns: number}} size @returns {Mask} */
export function emptyMask({ rows, columns }) {
  return { data: new Uint8Array(rows * columns), rows, columns };
}

/** @param {Grid | Mask} grid @param {(value: number, i: number) => boolean} holds @returns {Mask} */
export function maskOf({ data, rows, columns }, holds) {
  const mask = emptyMask({ rows, columns });
  for (let i = 0; i < data.length; i++) if (holds(data[i], i)) mask.data[i] = 1;
  return mask;
}

/** @param {Mask} inked @param {Mask} taken @returns What remains of it. */
export function rest(inked, taken) {
  return maskOf(inked, (ink, i) => Boolean(ink && !taken.data[i]));
}

/** @param {Grid} grid @param {(value: number, i: number) => number} change @returns {Grid} */
export function mapped({ data, rows, columns }, change) {
  return { data: data.map(change), rows, columns };
}

/** @param {Mask} mask */
export function countOf({ data }) {
  return data.reduce((sum, value) => sum + value, 0);
}

/** @param {{rows: number, columns: number}} size */
export function longerSide({ rows, columns }) {
  return Math.max(rows, columns);
}

/** @param {Mask} mask @returns {Mask} Rows as columns. */
export function transposed({ data, rows, columns }) {
  const result = emptyMask({ rows: columns, columns: rows });
  for (let i = 0; i < data.length; i++) result.data[(i % columns) * rows + Math.floor(i / columns)] = data[i];
  return result;
}

/** @param {Mask} mask @returns {Mask} With what it encloses: all that the border doesn't reach. */
export function filled(mask) {
  const { data, rows, columns } = mask;
  const outside = emptyMask(mask);
  /** @type {number[]} */
  const reached = [];
  /** @param {number} x @param {number} y */
  const reach = (x, y) => {
    const pixel = y * columns + x;
    if (x < 0 || y < 0 || x >= columns || y >= rows || data[pixel] || outside.data[pixel]) return;
    outside.data[pixel] = 1;
    reached.push(pixel);
  };
  for (let x = 0; x < columns; x++) for (const y of [0, rows - 1]) reach(x, y);
  for (let y = 0; y < rows; y++) for (const x of [0, columns - 1]) reach(x, y);
  for (let next = 0; next < reached.length; next++) {
    const [x, y] = [reached[next] % columns, Math.floor(reached[next] / columns)];
    reach(x - 1, y);
    reach(x + 1, y);
    reach(x, y - 1);
    reach(x, y + 1);
  }
  return maskOf(outside, (value) => !value);
}

/** @template {Grid | Mask} T @param {T} grid @param {number} reach @returns {T} The highest within a square around each. */
export function highest(grid, reach) {
  return squares(grid, reach, (a, b) => a > b);
}

/** @template {Grid | Mask} T @param {T} grid @param {number} reach @returns {T} The lowest within a square around each. */
export function lowest(grid, reach) {
  return squares(grid, reach, (a, b) => a < b);
}

/**
 * @template {Grid | Mask} T
 * @param {T} grid
 * @param {number} reach Pixels to each side; the square ends where the picture does.
 * @param {(a: number, b: number) => boolean} beats
 * @returns {T}
 */
function squares(grid, reach, beats) {
  const { rows, columns } = grid;
  const result = { ...grid, data: grid.data.slice() };
  for (let y = 0; y < rows; y++) along(result.data, y * columns, 1, columns, reach, beats);
  for (let x = 0; x < columns; x++) along(result.data, x, columns, rows, reach, beats);
  return result;
}

/**
 * Replaces each value of a line by the one within reach that beats the others. Those that may still win wait in order.
 *
 * @param {Float64Array | Uint8Array} data
 * @param {number} start
 * @param {number} step
 * @param {number} count
 * @param {number} reach
 * @param {(a: number, b: number) => boolean} beats
 */
function along(data, start, step, count, reach, beats) {
  const line = new Float64Array(count);
  for (let i = 0; i < count; i++) line[i] = data[start + i * step];
  const waiting = new Int32Array(count);
  let [first, last] = [0, 0];
  for (let i = 0; i < count + reach; i++) {
    if (i < count) {
      while (last > first && !beats(line[waiting[last - 1]], line[i])) last--;
      waiting[last++] = i;
    }
    const middle = i - reach;
    if (middle < 0) continue;
    if (waiting[first] < middle - reach) first++;
    data[start + middle * step] = line[waiting[first]];
  }
}

/** @param {Grid} grid @returns {Grid} The middle one of the nine values around each pixel. */
export function calmed({ data, rows, columns }) {
  const result = new Float64Array(data.length);
  const nine = new Float64Array(9);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      for (let i = 0; i < 9; i++) {
        const down = clamped(y + Math.floor(i / 3) - 1, rows);
        nine[i] = data[down * columns + clamped(x + (i % 3) - 1, columns)];
      }
      result[y * columns + x] = middleOf(nine);
    }
  }
  return { data: result, rows, columns };
}

/** @param {Float64Array} values Few, put into order. */
function middleOf(values) {
  for (let i = 1; i < values.length; i++) {
    const value = values[i];
    let place = i;
    for (; place > 0 && values[place - 1] > value; place--) values[place] = values[place - 1];
    values[place] = value;
  }
  return values[(values.length - 1) / 2];
}

const WEIGHTS = weightsOf(4);

/** @param {Grid} grid @returns {Grid} Blurred by a normal distribution with a standard deviation of one pixel. */
export function blurred(grid) {
  return blurredAlong(blurredAlong(grid, 1), 0);
}

/** @param {Grid} grid @param {0 | 1} across @returns {Grid} */
function blurredAlong({ data, rows, columns }, across) {
  const result = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const x = i % columns;
    const y = Math.floor(i / columns);
    WEIGHTS.forEach((weight, place) => {
      const off = place - (WEIGHTS.length - 1) / 2;
      const at = across ? y * columns + mirrored(x + off, columns) : mirrored(y + off, rows) * columns + x;
      result[i] += weight * data[at];
    });
  }
  return { data: result, rows, columns };
}

/** @param {number} reach */
function weightsOf(reach) {
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / 2));
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}

/** @param {number} place @param {number} count */
function clamped(place, count) {
  return Math.min(Math.max(place, 0), count - 1);
}

/** @param {number} place @param {number} count @returns {number} As if the line went on behind its ends in mirrors. */
function mirrored(place, count) {
  const within = ((place % (2 * count)) + 2 * count) % (2 * count);
  return within < count ? within : 2 * count - 1 - within;
}
