/** Figures in words that claim no more than was measured. */

/** @param {number} probability @returns {string} Whole percents, but 0% and 100% only where it is exactly that. */
export function asPercent(probability) {
  const percents = Math.round(probability * 100);
  if (percents === 100 && probability < 1) return ">99%";
  if (percents === 0 && probability > 0) return "<1%";
  return `${percents}%`;
}

/** @param {number} fraction @returns {string} Cut, not rounded: 99.996% must not read as 100%. */
export function asExactPercent(fraction) {
  const hundredths = Math.floor(fraction * 1e4 + 1e-6); // 0.9951 * 1e4 may end just below 9951
  return `${(hundredths / 100).toFixed(2)}%`;
}

/** @param {number} difference @returns {string} Two digits, rounded up, so that "within" stays true. */
export function roundedUp(difference) {
  if (difference < 1e-5) return "0.00001";
  const unit = 10 ** (Math.floor(Math.log10(difference)) - 1);
  return String(Number((Math.ceil(difference / unit) * unit).toPrecision(2)));
}

/** @param {number} bytes */
export function asSize(bytes) {
  if (bytes >= 1_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
}

/** @param {number} value Any number. @returns {string} Four digits of it. */
export function asNumber(value) {
  return String(Number(value.toPrecision(4)));
}
