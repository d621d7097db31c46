"""The connected parts of a picture's ink, whose pixels touch in any of eight directions."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Mask = NDArray[np.bool_]


def parts_of(inked: Mask) -> Iterator[tuple[Mask, tuple[slice, slice]]]:
    """Each part in its bounding box, and where that lies in the picture."""
    parts, _ = ndimage.label(inked, np.ones((3, 3)))
    for number, where in enumerate(ndimage.find_objects(parts), 1):
        yield parts[where] == number, where
