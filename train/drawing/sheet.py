"""Find the sheet of paper in a picture that shows more than it: a desk, a floor, a hand."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.cluster.vq import kmeans2

LEAST_AREA = 0.2  # of the picture; a smaller bright patch may be anything
LEAST_SOLID = 0.9  # of its bounding box, turned as it lies: a sheet is a rectangle, as a digit isn't
MOST_OF_BORDER = 0.5  # a sheet along more of the picture's border is the picture
LEAST_BARE = 0.6  # of a sheet, on which nothing is written
LEAST_STEP = 30.0  # grey levels between sheet and desk
RIM = 0.02  # of the picture's longer side, cut off the sheet: its edge, and the shadow beside it


def on_sheet(grey: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sheet alone, or the picture as it is where it shows no other.

    Args:
        grey: Shape (rows, columns), 0 for black and 255 for white.

    Returns:
        The part of the picture with the sheet. What is beside it there has the sheet's median grey level.
    """
    if np.ptp(grey) < LEAST_STEP:
        return grey
    centres, _ = kmeans2(
        grey.ravel()[:: max(1, grey.size // 100_000)], np.array([grey.min(), grey.max()]), minit="matrix"
    )
    if centres[1] - centres[0] < LEAST_STEP:
        return grey
    parts, _ = ndimage.label(grey > centres.mean())
    largest = 1 + int(np.argmax(np.bincount(parts.ravel())[1:]))
    bright = parts == largest
    sheet = ndimage.binary_fill_holes(bright)
    if not _is_sheet(sheet, bright):
        return grey
    rim = max(2, round(RIM * max(grey.shape)))
    inside = ndimage.binary_erosion(sheet, np.ones((3, 3)), iterations=rim)
    if not inside.any():  # a strip, which is all rim
        return grey
    where = ndimage.find_objects(inside.astype(np.uint8))[0]
    return np.asarray(np.where(inside, grey, np.median(grey[inside & bright]))[where])


def _is_sheet(sheet: NDArray[np.bool_], bright: NDArray[np.bool_]) -> bool:
    """Whether a filled part of a picture is a sheet: large, rectangular, with paper in most of it."""
    border = np.concatenate([sheet[0], sheet[-1], sheet[:, 0], sheet[:, -1]])
    if sheet.mean() < LEAST_AREA or border.mean() > MOST_OF_BORDER or bright.sum() < LEAST_BARE * sheet.sum():
        return False
    down, across = np.nonzero(sheet)
    smallest_box = min(
        (np.ptp(np.cos(turn) * across + np.sin(turn) * down) + 1)
        * (np.ptp(np.cos(turn) * down - np.sin(turn) * across) + 1)
        for turn in np.deg2rad(np.arange(0, 90, 3))
    )
    return bool(sheet.sum() >= LEAST_SOLID * smallest_box)
