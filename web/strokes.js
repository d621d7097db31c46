/**
 * How strokes look: smooth round lines, the same on the screen and in front of the model.
 *
 * Coordinates are shares of the canvas's side (0..1; outside when the pen left the canvas), so that a drawing
 * survives a resize. A line is painted piece by piece, as it comes; painting it again gives the same pixels.
 */

/** Width of the line as a share of the canvas's side: people find this pen neither thin nor thick. */
export const LINE_WIDTH = 1 / 14;

/**
 * @typedef {{x: number, y: number}} Point
 * @typedef {{points: Point[], painted: number, ended: boolean}} Stroke `painted` counts the points that the
 *     painted line already follows.
 */

/** @returns {Stroke} A stroke that starts at this point. */
export function beginStroke(point) {
  return { points: [point], painted: 0, ended: false };
}

/**
 * Paints what a stroke gained since it was last painted.
 *
 * Curves run from the middle of one segment to the middle of the next, with the point between as control:
 * the line has no corners, and lags half a segment until the stroke ends.
 *
 * @param {CanvasRenderingContext2D[]} contexts All of them get the same line.
 * @param {Stroke} stroke
 */
export function paintNewPieces(contexts, stroke) {
  for (const context of contexts) paintPieces(context, stroke, stroke.painted);
  stroke.painted = stroke.points.length;
}

/** Paints a whole drawing on a bare canvas. */
export function paintAll(context, strokes) {
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  for (const stroke of strokes) {
    paintPieces(context, stroke, 0);
    if (stroke.ended) paintEnd([context], stroke);
  }
}

/** Paints the last half segment of a stroke, to the very point where the pen was lifted. */
export function paintEnd(contexts, { points }) {
  if (points.length < 2) return;
  const [before, last] = points.slice(-2);
  for (const context of contexts) {
    paint(context, (to) => {
      context.moveTo(...to(middle(before, last)));
      context.lineTo(...to(last));
    });
  }
}

function paintPieces(context, { points }, from) {
  for (let i = from; i < points.length; i++) paintPiece(context, points, i);
}

function paintPiece(context, points, i) {
  const point = points[i];
  const before = points[i - 1];
  const beforeThat = points[i - 2];
  paint(context, (to) => {
    if (!before) {
      context.moveTo(...to(point)); // a line of no length, with round caps: a dot
      context.lineTo(...to(point));
    } else if (!beforeThat) {
      context.moveTo(...to(before));
      context.lineTo(...to(middle(before, point)));
    } else {
      context.moveTo(...to(middle(beforeThat, before)));
      context.quadraticCurveTo(...to(before), ...to(middle(before, point)));
    }
  });
}

function paint(context, trace) {
  const side = context.canvas.width;
  context.lineWidth = LINE_WIDTH * side;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.beginPath();
  trace(({ x, y }) => [x * side, y * side]);
  context.stroke();
}

function middle(a, b) {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
