"""Find the rings around what is written in a picture's ink, as people circle numbers."""

import numpy as np
from scipy import ndimage

from train.drawing.parts import Mask, parts_of

ENCLOSED = 0.3  # of a ring's or a frame's height, at least: what is written in it
TALLEST = 1.4  # times its width: a taller ring is a 0 with a stroke in it
SECTORS = 72  # directions in which a ring is looked for
AROUND = 0.85  # of them, at least: a ring drawn by hand may be open
DEEPEST = 0.25  # of a ring's radius, in most directions: the boxes of a form are no ring


def rings(inked: Mask) -> Mask:
    """The parts that go once round something written, closed or not."""
    found = np.zeros_like(inked)
    for part, where in parts_of(inked):
        height, width = part.shape
        inside = inked[where] & ~part
        if height <= TALLEST * width and _is_high(inside) and _goes_round(part, inside):
            found[where] |= part
    return found


def _goes_round(part: Mask, inside: Mask) -> bool:
    """Whether a part is seen from the middle of what is inside in most directions, at one distance."""
    down, across = (np.argwhere(part) - np.argwhere(inside).mean(axis=0)).T
    sector = np.floor((np.arctan2(down, across) / (2 * np.pi) + 0.5) * SECTORS).astype(np.intp) % SECTORS
    distance = np.hypot(down, across)
    nearest, farthest = np.full(SECTORS, np.inf), np.zeros(SECTORS)
    np.minimum.at(nearest, sector, distance)
    np.maximum.at(farthest, sector, distance)
    seen = farthest > 0
    depth = (farthest[seen] - nearest[seen]) / farthest[seen]
    return bool(seen.mean() >= AROUND and np.median(depth) <= DEEPEST)


def encloses(part: Mask, inked: Mask) -> bool:
    """Whether something written lies in a part's holes, of all ink in its box."""
    return _is_high(inked & ~part & ndimage.binary_fill_holes(part))


def _is_high(inside: Mask) -> bool:
    """Whether what is inside a part is high enough to be written there."""
    rows = np.flatnonzero(inside.any(axis=1))
    return bool(rows.size and np.ptp(rows) >= ENCLOSED * len(inside))
