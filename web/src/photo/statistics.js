/** Orders and means of grey levels, as NumPy and SciPy have them. */

/** @param {ArrayLike<number>} values @param {number} fraction Of them that are lower, interpolated linearly. */
export function quantile(values, fraction) {
  const sorted = Float64Array.from(values).sort();
  const place = (sorted.length - 1) * fraction;
  const before = Math.floor(place);
  const after = Math.min(before + 1, sorted.length - 1);
  return sorted[before] + (sorted[after] - sorted[before]) * (place - before);
}

/** @param {ArrayLike<number>} values */
export function median(values) {
  return quantile(values, 0.5);
}

/** @param {ArrayLike<number>} values @returns {[number, number]} The lowest and the highest. */
export function extremes(values) {
  let [low, high] = [values[0], values[0]];
  for (let i = 1; i < values.length; i++) {
    if (values[i] < low) low = values[i];
    else if (values[i] > high) high = values[i];
  }
  return [low, high];
}

const ROUNDS = 10;

/**
 * @param {ArrayLike<number>} values
 * @param {number} low
 * @param {number} high
 * @returns {[number, number]} The means of the low and of the high values, from which each is nearest to its own.
 */
export function twoMeans(values, low, high) {
  for (let round = 0; round < ROUNDS; round++) {
    const sums = [0, 0];
    const counts = [0, 0];
    for (let i = 0; i < values.length; i++) {
      const side = Math.abs(values[i] - low) <= Math.abs(values[i] - high) ? 0 : 1;
      sums[side] += values[i];
      counts[side]++;
    }
    if (counts[0]) low = sums[0] / counts[0];
    if (counts[1]) high = sums[1] / counts[1];
  }
  return [low, high];
}
