"""Bring a picture of any size to a model's: the reference implementation for apps.

`web/src/picture/resize.js` and the kits' sources are its counterparts. It does what
`keras.preprocessing.image.smart_resize` does, by plain arithmetic on float64, in the same order everywhere.
"""

import math

import numpy as np
from numpy.typing import NDArray

from train.contract import InputContract

# Red, green and blue in a grey, in 65536ths, as Pillow has them: 0.299, 0.587, 0.114 of ITU-R BT.601.
RED, GREEN, BLUE = 19595, 38470, 7471


def fit(picture: NDArray[np.uint8], contract: InputContract) -> NDArray[np.uint8]:
    """Cut the part with the model's proportions out of the middle, and resize it bilinearly.

    Args:
        picture: Red, green and blue, shape (rows, columns, 3).
        contract: The model's height, width and channels: 1 for grey, 3 for colours.

    Returns:
        Shape (height, width, channels), rounded to whole grey levels.
    """
    rows, columns = picture.shape[:2]
    height = min(rows, math.trunc(columns * contract.height / contract.width)) or 1
    width = min(columns, math.trunc(rows * contract.width / contract.height)) or 1
    top, left = (rows - height) // 2, (columns - width) // 2
    part = picture[top : top + height, left : left + width]
    pixels = (part if contract.channels == 3 else grey(part)[..., None]).astype(np.float64)
    first, second, fraction = _samples(width, contract.width)
    across = _between(pixels[:, first], pixels[:, second], fraction[:, None])
    first, second, fraction = _samples(height, contract.height)
    return np.asarray(
        np.floor(_between(across[first], across[second], fraction[:, None, None]) + 0.5), np.uint8
    )


def grey(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The grey level of each pixel, shape (rows, columns), rounded as Pillow rounds it."""
    red, green, blue = np.moveaxis(picture.astype(np.uint32), -1, 0)
    return np.asarray((red * RED + green * GREEN + blue * BLUE + 0x8000) >> 16, np.uint8)


def _samples(given: int, wanted: int) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Between which two pixels each pixel of the result lies along a side, and how far from the first."""
    place = (np.arange(wanted) + 0.5) * given / wanted - 0.5
    before = np.floor(place)
    first = np.maximum(before, 0).astype(np.intp)
    second = np.minimum(np.ceil(place), given - 1).astype(np.intp)
    return first, second, place - before


def _between(
    start: NDArray[np.float64], end: NDArray[np.float64], fraction: NDArray[np.float64]
) -> NDArray[np.float64]:
    return start + (end - start) * fraction
