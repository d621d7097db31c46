/**
 * How strokes look: smooth round lines, the same on the screen and in front of the model.
 *
 * Coordinates are shares of the canvas's side (0..1; outside when the pen left the canvas), so that a drawing
 * survives a resize. A stroke is one path, painted at once: pieces painted one by one leave ridges where the
 * soft edges of two of them lie on each other.
 */

/** Width of the line as a share of the canvas's side: people find this pen neither thin nor thick. */
export const LINE_WIDTH = 1 / 14;

/**
 * @typedef {{x: number, y: number}} Point
 */

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
    trace(
      context,
      points.map(({ x, y }) => [x * side, y * side]),
    );
    context.stroke();
  }
}

/**
 * Runs through a stroke's points: curves from the middle of one segment to the middle of the next, with the
 * point between as control, so that the line has no corners, and starts and ends at the very first and last.
 */
function trace(context, points) {
  const last = points.at(-1);
  context.moveTo(...points[0]);
  for (let i = 1; i < points.length - 1; i++) {
    context.quadraticCurveTo(...points[i], ...middle(points[i], points[i + 1]));
  }
  context.lineTo(...last); // for a single point a line of no length, with round caps: a dot
}

function middle([x, y], [nextX, nextY]) {
  return [(x + nextX) / 2, (y + nextY) / 2];
}
