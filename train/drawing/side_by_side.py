"""Tell digits that are written side by side from one digit of several strokes."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from train.drawing.runs import runs

LOWEST = 0.6  # of the tallest digit: a lower part belongs to its neighbour, or is a stray dot
GAP = 0.08  # of the tallest digit's height, at least, between two digits
LEAST_INK = 0.15  # of the digit with the most ink; a 1 has a third of a 0's


def side_by_side(ink: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """The ink of each digit, from left to right; of one digit, all of it.

    Args:
        ink: Shape (rows, columns), 0 for bare paper and 255 for full ink.

    Returns:
        Arrays of the same shape, each with a part of the ink.
    """
    groups = runs(np.asarray(ink.any(axis=0)))
    if len(groups) < 2:
        return [ink]
    heights = [int(np.ptp(np.flatnonzero(ink[:, first:last].any(axis=1)))) + 1 for first, last in groups]
    amounts = [float(ink[:, first:last].sum()) for first, last in groups]
    tallest, most = max(heights), max(amounts)
    digits = [
        group
        for group, height, amount in zip(groups, heights, amounts, strict=True)
        if height >= LOWEST * tallest and amount >= LEAST_INK * most
    ]
    gaps = [after[0] - before[1] for before, after in pairwise(digits)]
    if len(digits) < 2 or min(gaps) < GAP * tallest:
        return [ink]
    middles = [(before[1] + after[0]) // 2 for before, after in pairwise(digits)]
    bounds = [0, *middles, ink.shape[1]]
    found = []
    for first, last in pairwise(bounds):
        one = np.zeros_like(ink)
        one[:, first:last] = ink[:, first:last]
        found.append(one)
    return found
