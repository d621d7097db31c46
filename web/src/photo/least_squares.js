/** Fits a sum of weighted terms to samples. */

/**
 * @param {{terms: number[], level: number}[]} samples
 * @returns {number[]} The weights of the terms, with which their sums are closest to the levels. A term that follows from
 *     the others has the weight 0.
 */
export function leastSquares(samples) {
  const size = samples[0].terms.length;
  // The normal equations: each row has the products of one term with all, and with the level.
  const rows = Array.from({ length: size }, () => new Array(size + 1).fill(0));
  for (const { terms, level } of samples) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) rows[i][j] += terms[i] * terms[j];
      rows[i][size] += terms[i] * level;
    }
  }
  for (let i = 0; i < size; i++) {
    const pivot = rows.slice(i).reduce((best, row) => (Math.abs(row[i]) > Math.abs(best[i]) ? row : best));
    rows[rows.indexOf(pivot)] = rows[i];
    rows[i] = pivot;
    const negligible = Math.abs(pivot[i]) < 1e-9 * samples.length;
    for (let j = size; j >= i; j--) pivot[j] = negligible ? 0 : pivot[j] / pivot[i];
    for (const row of rows) {
      if (row !== pivot) for (let j = size; j >= i; j--) row[j] -= row[i] * pivot[j];
    }
  }
  return rows.map((row) => row[size]);
}
