"""Take out of a picture's ink what isn't written: lines and frames that run through to the border."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from train.drawing.runs import runs

FULL = 0.9  # of a row or column of pixels in ink: a line
THICKEST = 0.05  # of the picture's longer side: a wider bar of ink isn't a line
THROUGH = 0.85  # of the picture's height or width, spanned by a part: it runs through
WRITTEN = 0.15  # of the picture's longer side: smaller parts that remain are no writing


def without_ruling(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The ink without lines and frames; all of it where nothing else would remain.

    Args:
        ink: Shape (rows, columns), 0 for bare paper and 255 for full ink.
    """
    kept = ink.copy()
    thickest = max(1, round(THICKEST * max(ink.shape)))
    for pixels in (kept, kept.T):
        for first, last in runs((pixels > 0).mean(axis=1) >= FULL):
            if last - first <= thickest:
                pixels[max(0, first - 1) : last + 1] = 0
    return _without_through(kept) if _is_written(kept) else _without_through(ink)


def _without_through(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The ink without connected parts that run through the picture, if something else is written."""
    parts, _ = ndimage.label(ink, structure=np.ones((3, 3)))
    kept = ink.copy()
    for number, (rows, columns) in enumerate(ndimage.find_objects(parts), 1):
        spans = (rows.stop - rows.start) / ink.shape[0], (columns.stop - columns.start) / ink.shape[1]
        if max(spans) >= THROUGH:
            kept[parts == number] = 0
    return kept if _is_written(kept) else ink


def _is_written(ink: NDArray[np.uint8]) -> bool:
    """Whether a part of the ink is large enough to be a digit."""
    parts, _ = ndimage.label(ink, structure=np.ones((3, 3)))
    sides = [max(s.stop - s.start for s in where) for where in ndimage.find_objects(parts)]
    return bool(max(sides, default=0) >= WRITTEN * max(ink.shape))
