/**
 * How strokes look: smooth round lines, the same on the screen and in the model's input.
 *
 * Coordinates are fractions of the canvas's side (0..1; outside when the pen left the canvas), so that a drawing
 * survives a resize. A stroke is one path, painted at once: pieces painted one by one leave ridges where the
 * soft edges of two of them overlap.
 */
/** @import { Point } from "../types" */

/** Width of the line as a fraction of the canvas's side: people find this pen neither thin nor thick. */
export const LINE_WIDTH = 1 / 14;

/**
 * Paints a whole drawing on a bare canvas.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Point[][]} strokes Of one point or more each.
 */
export function paintAll(context, strokes) {
  const side = context.canvas.width;
  context.clearRect(0, 0, side, side);
  context.lineWidth = LINE_WIDTH * side;
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const points of strokes) {
    context.beginPath();
    const scaled = points.map(({ x, y }) => ({ x: x * side, y: y * side }));
    trace(context, scaled);
    context.stroke();
  }
}

/**
 * Follows a stroke's points: curves from the middle of one segment to the middle of the next, with the point
 * between as control, so that the line has no corners, and starts and ends at the very first and last point.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Point[]} points In pixels.
 */
function trace(context, points) {
  const first = points[0];
  const last = points[points.length - 1];
  context.moveTo(first.x, first.y);
  for (let i = 1; i < points.length - 1; i++) {
    const { x, y } = points[i];
    const next = points[i + 1];
    context.quadraticCurveTo(x, y, (x + next.x) / 2, (y + next.y) / 2);
  }
  context.lineTo(last.x, last.y); // for a single point a line of no length, with round caps: a dot
}
