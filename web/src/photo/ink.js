/** Separates ink from paper in a picture: the twin of `train/drawing/ink.py`, which says why. */
import { partsOf } from "../drawing/parts.js";
import { countOf, highest, longerSide, mapped, maskOf } from "./grids.js";
import { reliefOf } from "./paper.js";
import { reachingIn, ruling } from "./ruling.js";
import { extremes, quantile, twoMeans } from "./statistics.js";

/** @import { Drawing } from "../types" */
/** @import { Grid, Mask } from "./grids.js" */

const LEAST_CONTRAST = 0.08;
const LEAST_SIGNAL = 6;
const EDGE = 2;
const WIDE_EDGE = 0.02;
const FAINT = 0.65;
const LEAST_FAINT = 0.2;
const WRITTEN = 0.05;
const LEAST_BESIDE = 0.2;
const CUT_OFF = 0.25;
const PASSES = 6;

/** Full scale of ink, and of grey levels. */
const FULL_INK = 0xff;

/** @param {Grid} grey @returns {Drawing} The ink alone; bare paper where there is none. */
export function inkOf(grey) {
  const { relief, noise, shadowed } = reliefOf(grey);
  const least = Math.max(LEAST_CONTRAST * FULL_INK, LEAST_SIGNAL * noise);
  const strength = written(
    mapped(relief, (off) => Math.max(off, 0)),
    least,
  );
  const threshold = thresholdOf(strength, least);
  let inked = maskOf(strength, (level) => level > threshold);
  if (shadowed && countOf(inked)) inked = withoutFaint(strength, inked);
  const data = new Uint8Array(inked.data.length);
  if (largest(inked) >= WRITTEN * longerSide(inked)) {
    const full = quantile(levelsIn(strength, inked), 0.9);
    const edged = highest(inked, 1).data;
    strength.data.forEach((level, i) => {
      if (edged[i]) data[i] = Math.floor(Math.min(level / full, 1) * FULL_INK + 0.5);
    });
  }
  return { data, rows: grey.rows, columns: grey.columns };
}

/** @param {Grid} given @param {number} least @returns {Grid} Without lines, and without what reaches in from the border. */
function written(given, least) {
  let strength = given;
  let ruled = false;
  for (let pass = 0; pass < PASSES; pass++) {
    const threshold = thresholdOf(strength, least);
    const lines = ruling(maskOf(strength, (level) => level > threshold / 2));
    if (countOf(lines)) {
      ruled = true;
      strength = without(strength, threshold / 2, lines, EDGE);
      continue;
    }
    const found = reachingIn(maskOf(strength, (level) => level > threshold));
    const beside = without(strength, threshold, found, Math.floor(WIDE_EDGE * longerSide(strength)));
    const alone = !ruled && largest(found) >= CUT_OFF * longerSide(strength);
    if (!countOf(found) || (alone && !isWritten(beside, least, found))) break;
    strength = beside;
  }
  return strength;
}

/** @param {Grid} strength @param {number} least */
function thresholdOf(strength, least) {
  const [, strongest] = extremes(strength.data);
  if (strongest < least) return Infinity;
  const [low, high] = twoMeans(strength.data, 0, strongest);
  const threshold = (low + high) / 2;
  const full = quantile(
    strength.data.filter((level) => level > threshold),
    0.9,
  );
  return full >= least ? threshold : Infinity;
}

/** @param {Grid} strength @param {Mask} given @returns {Mask} The ink without narrow shadows. */
function withoutFaint(strength, given) {
  const inked = { ...given, data: given.data.slice() };
  const [, strongest] = extremes(levelsIn(strength, given));
  for (const { pixels } of partsOf(given)) {
    if (pixels.some((pixel) => strength.data[pixel] > FAINT * strongest)) continue;
    for (const pixel of pixels) inked.data[pixel] = 0;
  }
  const levels = levelsIn(strength, inked);
  const [low, high] = twoMeans(levels, ...extremes(levels));
  const strong = maskOf(strength, (level, i) => Boolean(inked.data[i]) && level > (low + high) / 2);
  const grown = highest(strong, EDGE).data;
  const near = maskOf(inked, (ink, i) => Boolean(ink && grown[i]));
  const all = countOf(inked);
  return all - countOf(near) >= LEAST_FAINT * all && low <= FAINT * high ? near : inked;
}

/** @param {Grid} strength @param {Mask} mask */
function levelsIn(strength, mask) {
  return strength.data.filter((_, i) => mask.data[i]);
}

/** @param {Grid} strength @param {number} threshold @param {Mask} taken @param {number} edge @returns {Grid} */
function without(strength, threshold, taken, edge) {
  const near = highest(taken, edge).data;
  return mapped(strength, (level, i) => (near[i] && (level <= threshold || taken.data[i]) ? 0 : level));
}

/** @param {Grid} strength @param {number} least @param {Mask} taken */
function isWritten(strength, least, taken) {
  const threshold = thresholdOf(strength, least);
  const remains = largest(maskOf(strength, (level) => level > threshold));
  return remains >= Math.max(WRITTEN * longerSide(strength), LEAST_BESIDE * largest(taken));
}

/** @param {Mask} mask @returns The longer side of its largest connected part, in pixels. */
function largest(mask) {
  return partsOf(mask).reduce((longest, { height, width }) => Math.max(longest, height, width), 0);
}
