"""Draw pen strokes like a browser's canvas: round caps, round joins, antialiased."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

# Factor by which the drawing is enlarged before it is averaged down: it gives edges 17 grey levels.
_OVERSIZE = 4


def render(strokes: Sequence[NDArray[np.float64]], size: int, line_width: float) -> NDArray[np.uint8]:
    """Draw strokes on a square, bare canvas.

    Args:
        strokes: Each of shape (n, 2): x and y in canvas pixels from the upper left corner, with y pointing
            down. A stroke of one point is a dot, a stroke without points draws nothing, and parts outside
            of the canvas are cut off.
        size: Side of the canvas, in pixels.
        line_width: Width of the line, in canvas pixels.

    Returns:
        Amount of ink, shape (size, size), 0 for bare paper and 255 for full ink.

    Raises:
        ValueError: If the size is below one or the line has no width.
    """
    if size < 1:
        raise ValueError(f"expected a canvas of at least 1 pixel, found {size}")
    if not line_width > 0:
        raise ValueError(f"expected a line width above 0 pixels, found {line_width}")
    paper = Image.new("L", (size * _OVERSIZE, size * _OVERSIZE), 0)
    pen = ImageDraw.Draw(paper)
    width = max(round(line_width * _OVERSIZE), 1)
    for stroke in strokes:
        _draw_stroke(pen, np.asarray(stroke, np.float64) * _OVERSIZE, width)
    return np.asarray(paper.reduce(_OVERSIZE), np.uint8)


def _draw_stroke(pen: ImageDraw.ImageDraw, points: NDArray[np.float64], width: int) -> None:
    """Draw the segments of one stroke, and a disc at each point, which makes caps and joins round."""
    # Pillow's coordinates are pixel indices; the middle of a pixel lies half a pixel further.
    along = np.rint(points - 0.5).astype(int).ravel().tolist()
    if len(along) > 2:
        pen.line(along, fill=255, width=width)
    # Pillow's ellipses include both their first and their last pixel.
    for left, top in np.rint(points - width / 2).astype(int).tolist():
        pen.ellipse((left, top, left + width - 1, top + width - 1), fill=255)
