/** Marks on a photo what was found in it. */
import { boundsOfParts, partsOf } from "../drawing/parts.js";
import { digitsOf } from "../drawing/side_by_side.js";

/** @import { Drawing } from "../types" */
/** @import { Bounds } from "../drawing/parts.js" */
/** @import { Frame } from "../picture/frame.js" */

/** Of the longer side of the frame. */
const [MARGIN, LINE] = [0.02, 0.008];

/**
 * Draws a box around each digit.
 *
 * @param {Frame} frame
 * @param {Drawing} ink
 * @param {(x: number, y: number) => number[]} place From the ink to the photo, which may show more, and turned.
 */
export function markDigits({ screen, scale }, ink, place) {
  const longer = Math.max(screen.canvas.width, screen.canvas.height);
  screen.lineJoin = "round";
  screen.beginPath();
  for (const parts of digitsOf(partsOf(ink), ink)) {
    const corners = cornersOf(boundsOfParts(parts)).map(([x, y]) => place(x, y).map((side) => side * scale));
    const middle = [0, 1].map((axis) => corners.reduce((sum, corner) => sum + corner[axis], 0) / 4);
    const far = Math.hypot(corners[0][0] - middle[0], corners[0][1] - middle[1]);
    for (const [i, corner] of corners.entries()) {
      const [x, y] = corner.map((side, axis) => side + ((side - middle[axis]) / far) * MARGIN * longer);
      if (i) screen.lineTo(x, y);
      else screen.moveTo(x, y);
    }
    screen.closePath();
  }
  // A light line around a dark one shows on every photo.
  for (const [colour, width] of /** @type {[string, number][]} */ ([
    ["#fff", 2],
    [getComputedStyle(screen.canvas).color, 1],
  ])) {
    screen.strokeStyle = colour;
    screen.lineWidth = width * LINE * longer;
    screen.stroke();
  }
}

/** @param {Bounds} bounds @returns {[number, number][]} */
function cornersOf({ left, top, width, height }) {
  const [right, bottom] = [left + width, top + height];
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}
