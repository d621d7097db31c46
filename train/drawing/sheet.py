"""Find the sheet of paper in a picture that shows more than it: a desk, a floor, a hand."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.cluster.vq import kmeans2

LEAST_AREA = 0.2  # of the picture; a smaller bright patch may be anything
LEAST_SOLID = 0.85  # of its bounding box, turned as it lies: a sheet is a rectangle, as a digit isn't
MOST_OF_BORDER = 0.4  # a sheet along more of the picture's border is the picture
LEAST_BARE = 0.6  # of a sheet, on which nothing is written
LEAST_STEP = 30.0  # grey levels between sheet and desk
FADED = 0.35  # of that step, that the paper may be darker in places
LEAST_SHARP = 0.6  # of that step, within a few pixels of the sheet's edge: light fades more slowly
RIM = 0.02  # of the picture's longer side, cut off the sheet: its edge, and the shadow beside it


def on_sheet(grey: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sheet alone, turned upright, or the picture as it is where it shows no other.

    Args:
        grey: Shape (rows, columns), 0 for black and 255 for white.
    """
    # Ink covers less than a tenth of a picture, so both are paper where there is no desk.
    dark, light = np.percentile(grey, (10, 90))
    if light - dark < LEAST_STEP:
        return grey
    (desk, paper), _ = kmeans2(grey.ravel(), np.array([dark, light]), minit="matrix")
    if paper - desk < LEAST_STEP:
        return grey
    parts, _ = ndimage.label(grey > paper - FADED * (paper - desk), np.ones((3, 3)))
    bright = parts == 1 + int(np.argmax(np.bincount(parts.ravel())[1:]))
    sheet = ndimage.binary_fill_holes(bright)
    turn, box = _smallest_box(sheet)
    solid = sheet.sum() / ((box[1] - box[0] + 1) * (box[3] - box[2] + 1))
    if solid < LEAST_SOLID or not _is_sheet(grey, sheet, bright, paper - desk):
        return grey
    rim = max(2, int(RIM * max(grey.shape)))
    if min(box[1] - box[0], box[3] - box[2]) <= 4 * rim:  # a strip, which is all rim
        return grey
    return _upright(grey, turn, (box[0] + rim, box[1] - rim, box[2] + rim, box[3] - rim))


def _is_sheet(
    grey: NDArray[np.float64], sheet: NDArray[np.bool_], bright: NDArray[np.bool_], step: float
) -> bool:
    """Whether a filled part of a picture is a sheet: large, with paper in most of it, and a sharp edge."""
    border = np.concatenate([sheet[0], sheet[-1], sheet[:, 0], sheet[:, -1]])
    if sheet.mean() < LEAST_AREA or border.mean() > MOST_OF_BORDER or bright.sum() < LEAST_BARE * sheet.sum():
        return False
    near = max(2, int(RIM * max(grey.shape)))
    square = np.ones((2 * near + 1, 2 * near + 1))
    inside = bright & ~ndimage.binary_erosion(sheet, square, border_value=1)
    outside = ~sheet & ndimage.binary_dilation(sheet, square)
    return bool(np.median(grey[inside]) - np.median(grey[outside]) >= LEAST_SHARP * step)


def _smallest_box(sheet: NDArray[np.bool_]) -> tuple[float, tuple[float, float, float, float]]:
    """The turn, in radians, that makes the bounding box smallest, and the box: left, right, top, bottom."""
    down, across = np.nonzero(sheet)
    boxes = {}
    for turn in np.deg2rad(np.arange(-45, 45)):
        right, below = _turned(across, down, turn)
        boxes[turn] = (float(right.min()), float(right.max()), float(below.min()), float(below.max()))
    turn = min(boxes, key=lambda turn: (boxes[turn][1] - boxes[turn][0]) * (boxes[turn][3] - boxes[turn][2]))
    return float(turn), boxes[turn]


def _upright(
    grey: NDArray[np.float64], turn: float, box: tuple[float, float, float, float]
) -> NDArray[np.float64]:
    """What lies in a box of the turned picture, interpolated bilinearly."""
    left, right, top, bottom = box
    below, aside = np.mgrid[0 : int(bottom - top) + 1, 0 : int(right - left) + 1].astype(float)
    across, down = _turned(aside + left, below + top, -turn)
    return np.asarray(ndimage.map_coordinates(grey, [down, across], order=1, mode="nearest"))


def _turned(
    across: NDArray[np.generic], down: NDArray[np.generic], turn: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    cosine, sine = np.cos(turn), np.sin(turn)
    return cosine * across + sine * down, cosine * down - sine * across
