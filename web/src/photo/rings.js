/** Finds the rings around what is written in a picture's ink: the twin of `train/drawing/rings.py`, which says why. */
import { filled, maskOf, rest } from "./grids.js";
import { takenFrom } from "./parts.js";
import { median } from "./statistics.js";

/** @import { Mask } from "./grids.js" */
/** @typedef {{top: number, left: number}} Corner Where a part is cut out. */

const ENCLOSED = 0.3;
const TALLEST = 1.4;
const SECTORS = 72;
const AROUND = 0.85;
const DEEPEST = 0.25;

/** @param {Mask} inked @returns {Mask} The parts that go once round something written, closed or not. */
export function ringsIn(inked) {
  return takenFrom(inked, (part, corner) => {
    const inside = rest(boxOf(inked, part, corner), part);
    if (part.rows > TALLEST * part.columns || !isHigh(inside)) return null;
    return goesRound(part, inside) ? part : null;
  });
}

/** @param {Mask} part @param {Mask} inside @returns Whether it is seen from there in most directions, at one distance. */
function goesRound(part, inside) {
  const points = placesOf(inside);
  const [middleX, middleY] = [0, 1].map(
    (axis) => points.reduce((sum, at) => sum + at[axis], 0) / points.length,
  );
  const nearest = new Float64Array(SECTORS).fill(Infinity);
  const farthest = new Float64Array(SECTORS);
  for (const [x, y] of placesOf(part)) {
    const turn = Math.atan2(y - middleY, x - middleX) / (2 * Math.PI) + 0.5;
    const sector = Math.floor(turn * SECTORS) % SECTORS;
    const distance = Math.hypot(x - middleX, y - middleY);
    nearest[sector] = Math.min(nearest[sector], distance);
    farthest[sector] = Math.max(farthest[sector], distance);
  }
  const depths = farthest.map((far, i) => (far - nearest[i]) / far).filter((_, i) => farthest[i] > 0);
  return depths.length >= AROUND * SECTORS && median(depths) <= DEEPEST;
}

/** @param {Mask} part @param {Mask} inked @param {Corner} corner @returns Whether something written lies in its holes. */
export function encloses(part, inked, corner) {
  const whole = filled(part);
  return isHigh(maskOf(rest(boxOf(inked, part, corner), part), (ink, i) => Boolean(ink && whole.data[i])));
}

/** @param {Mask} inked @param {Mask} part @param {Corner} corner @returns {Mask} All ink where the part is cut out. */
function boxOf(inked, part, { top, left }) {
  return maskOf(part, (_, i) => {
    const [x, y] = [left + (i % part.columns), top + Math.floor(i / part.columns)];
    return Boolean(inked.data[y * inked.columns + x]);
  });
}

/** @param {Mask} inside */
function isHigh(inside) {
  const rows = placesOf(inside).map(([, y]) => y);
  return rows.length > 0 && rows[rows.length - 1] - rows[0] >= ENCLOSED * inside.rows;
}

/** @param {Mask} mask @returns {[number, number][]} Column and row of its pixels, row by row. */
function placesOf({ data, columns }) {
  /** @type {[number, number][]} */
  const places = [];
  data.forEach((ink, i) => {
    if (ink) places.push([i % columns, Math.floor(i / columns)]);
  });
  return places;
}
