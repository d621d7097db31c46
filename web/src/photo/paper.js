/** Finds the paper in a picture: the twin of `train/drawing/paper.py`, which says why. */
import { blurred, calmed, highest, longerSide, lowest, mapped } from "./grids.js";
import { leastSquares } from "./least_squares.js";
import { extremes, median } from "./statistics.js";

/** @import { Grid } from "./grids.js" */

const OUTLIER = 3;
const SHADOWED = 2.5;
const LEAST_OF_BORDER = 0.8;
const BORDER = 0.05;
const LEAST_NOISE = 0.5;
const WIDEST_STROKE = 0.16;
const FITS = 6;
const GRID = 100;

/** From the median of deviations to their standard deviation, for a normal distribution. */
const NORMAL = 1.4826;

/** Full scale of a grey level. */
const WHITE = 0xff;

/**
 * @param {Grid} grey
 * @returns {{relief: Grid, noise: number, shadowed: boolean}} How far each pixel is from the paper, on the side where the
 *     ink is; the standard deviation of the paper's noise; whether the paper has shadows.
 */
export function reliefOf(grey) {
  const { paper, noise, fits } = smoothPaper(grey);
  const calm = calmed(grey);
  const rough = NORMAL * median(grey.data.map((level, i) => Math.abs(level - calm.data[i]))) + LEAST_NOISE;
  if (!fits || noise > SHADOWED * rough) {
    return { relief: localRelief(grey, calm), noise: rough, shadowed: true };
  }
  const relief = mapped(grey, (level, i) => level - paper[i]);
  const balance = relief.data.reduce(
    (sum, off) => sum + (Math.abs(off) > OUTLIER * noise ? off * Math.abs(off) : 0),
    0,
  );
  return { relief: balance > 0 ? relief : mapped(relief, (off) => -off), noise, shadowed: false };
}

/** @param {Grid} grey */
function smoothPaper(grey) {
  const { data, rows, columns } = grey;
  const step = Math.ceil(longerSide(grey) / GRID);
  const [down, across] = [Math.ceil(rows / step), Math.ceil(columns / step)];
  const band = Math.max(1, Math.floor(BORDER * Math.min(down, across)));
  const samples = [];
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      const level = data[y * step * columns + x * step];
      const atBorder = y < band || y >= down - band || x < band || x >= across - band;
      samples.push({ terms: termsAt(x * step, y * step, grey), level, atBorder, off: 0 });
    }
  }
  const border = samples.filter(({ atBorder }) => atBorder);
  let paper = border;
  let weights = [0];
  let noise = 0;
  let tolerance = 0;
  for (let fit = 0; fit < FITS; fit++) {
    weights = leastSquares(paper);
    for (const sample of samples) sample.off = Math.abs(sample.level - weigh(sample.terms, weights));
    noise = NORMAL * median(paper.map(({ off }) => off));
    tolerance = Math.max(OUTLIER * noise, 2);
    const near = samples.filter(({ off }) => off <= tolerance);
    if (near.length > paper.length / 2) paper = near;
  }
  const fitting = border.filter(({ off }) => off <= tolerance);
  const surface = data.map((_, i) => weigh(termsAt(i % columns, Math.floor(i / columns), grey), weights));
  return { paper: surface, noise, fits: fitting.length >= LEAST_OF_BORDER * border.length };
}

/** @param {number} x @param {number} y @param {{rows: number, columns: number}} size */
function termsAt(x, y, { rows, columns }) {
  const right = columns > 1 ? (2 * x) / (columns - 1) - 1 : -1;
  const below = rows > 1 ? (2 * y) / (rows - 1) - 1 : -1;
  return [1, right, below, right * right, right * below, below * below];
}

/** @param {number[]} terms @param {number[]} weights */
function weigh(terms, weights) {
  let sum = 0;
  for (let i = 0; i < terms.length; i++) sum += terms[i] * weights[i];
  return sum;
}

/** @param {Grid} grey @param {Grid} calm */
function localRelief(grey, calm) {
  const smooth = blurred(grey);
  const reach = Math.max(1, Math.floor((WIDEST_STROKE * longerSide(grey)) / 2));
  const [low, high] = extremes(calm.data);
  const middle = median(calm.data);
  if ((middle + 10) / (low + 10) >= (high + 10) / (middle + 10)) {
    const paper = lowest(highest(smooth, reach), reach).data;
    return mapped(smooth, (level, i) => WHITE * (1 - level / Math.max(paper[i], 1)));
  }
  const paper = highest(lowest(smooth, reach), reach).data;
  return mapped(smooth, (level, i) => level - paper[i]);
}
