"""Find the digits in a photo of paper.

`web/src/photo/` is the counterpart of this module and of those that it uses; golden photos in `tests/golden/`
keep the two consistent.
"""

import numpy as np
from numpy.typing import NDArray

from train.drawing.ink import ink_of
from train.drawing.ruling import reaching_in
from train.drawing.sheet import LEAST_AREA, on_sheet
from train.drawing.side_by_side import count_rows, side_by_side


class NoDigitsError(Exception):
    """There are no digits in a photo that can be read; says what was found, and what to do."""


def digits_in(grey: NDArray[np.float64]) -> list[NDArray[np.uint8]]:
    """The ink of each digit in a photo, from left to right.

    Args:
        grey: Shape (rows, columns), 0 for black and 255 for white; a few hundred pixels a side are enough.

    Returns:
        Amount of ink, arrays of one shape, 0 for bare paper and 255 for full ink.

    Raises:
        NoDigitsError: If there is no ink, or more than one row of digits.
    """
    ink = _ink_on_paper(grey)
    if not ink.any():
        raise NoDigitsError("bare paper: draw darker or lighter than the paper")
    if (rows := count_rows(ink)) > 1:
        raise NoDigitsError(f"{rows} rows: cut the rows apart")
    return side_by_side(ink)


def _ink_on_paper(grey: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The ink on the sheet or, where that is bare or cuts a digit off, in the whole photo.

    A folded sheet lies in light and in shade, and its brightest part looks like a sheet of its own.
    """
    sheet = on_sheet(grey)
    ink = ink_of(sheet)
    if sheet is grey or _is_whole(ink):
        return ink
    whole = ink_of(grey)
    return whole if _is_whole(whole) else ink


def _is_whole(ink: NDArray[np.uint8]) -> bool:
    """Whether there is ink, none of it cut off, and not as much as a sheet covers."""
    inked = ink > 0
    return bool(inked.any() and not reaching_in(inked).any() and inked.mean() < LEAST_AREA)
