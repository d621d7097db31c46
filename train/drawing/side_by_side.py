"""Tell digits that are written side by side from one digit of several strokes.

`web/src/drawing/side_by_side.js` is its counterpart; golden drawings in `tests/golden/` keep the two
consistent.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.sparse import csgraph

from train.drawing.preprocess import specks

# One stands above another if they have fewer than this fraction of the lower's rows in common, and at least
# this one of the narrower's columns.
FEW_ROWS, MANY_COLUMNS = 0.5, 0.35
# Of the tallest: what is lower belongs to its neighbour, unless it is this high, and this fraction of the
# tallest's height away from all else. Of 1,000 people's digits, in lines of three widths, no stroke is.
LOWEST = 0.55
LOWEST_CLEAR, CLEAR = 0.35, 0.15
LEAST_INK = 0.15  # of the digit with the most ink; a 1 has a third of a 0's
# Of the tallest's height, at least, between two digits, in every row that both have ink in. Of 1,000 people's
# digits one is taken for two, a 4 of two strokes that lie apart; with 0.04 there are two.
GAP = 0.05
# Of the tallest's height, at least, between two rows. Without it four of 1,000 digits drawn with a thin line
# stand in two rows, with it none does.
ROW_GAP = 0.08
FAR = 1_000_000  # columns, more than any picture has


@dataclass(frozen=True, slots=True)
class _Ink:
    """Connected parts of the ink that belong to one digit.

    Attributes:
        numbers: Those of the parts.
        left: First column of ink in each row, shape (rows,); the picture's width where a row has none.
        right: Last column of ink in each row, shape (rows,); -1 where a row has none.
        amount: The sum of the ink.
    """

    numbers: tuple[int, ...]
    left: NDArray[np.intp]
    right: NDArray[np.intp]
    amount: int

    @property
    def rows(self) -> tuple[int, int]:
        """The first and the last row."""
        inked = np.flatnonzero(self.right >= 0)
        return int(inked[0]), int(inked[-1])

    @property
    def height(self) -> int:
        """From the first to the last row."""
        return self.rows[1] - self.rows[0] + 1

    @property
    def columns(self) -> tuple[int, int]:
        """The first and the last column."""
        return int(self.left.min()), int(self.right.max())

    def joined(self, other: Self) -> Self:
        """Both together."""
        numbers, amount = self.numbers + other.numbers, self.amount + other.amount
        return type(self)(
            numbers, np.minimum(self.left, other.left), np.maximum(self.right, other.right), amount
        )


def side_by_side(ink: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """The ink of each digit, from left to right; of one digit, all of it.

    Connected ink stays together. Parts are of two digits if they stand beside each other, about as high as
    each other, with paper between them in every row: they may lean over each other.

    Args:
        ink: Shape (rows, columns), 0 for bare paper and 255 for full ink.

    Returns:
        Arrays of the same shape, each with a part of the ink.
    """
    labels, _ = ndimage.label(ink, structure=np.ones((3, 3)))
    parts = _parts(ink, labels)
    digits = _digits(parts) if len(parts) > 1 else []
    if len(digits) < 2:
        return [ink]
    columns = [across for _, across in ndimage.find_objects(labels)]
    owners = [-1, *(_nearest(across.start, across.stop - 1, digits) for across in columns)]
    for place, digit in enumerate(digits):
        for number in digit.numbers:
            owners[number] = place
    owner = np.array(owners)[labels]
    return [np.where(owner == place, ink, 0).astype(np.uint8) for place in range(len(digits))]


def count_rows(ink: NDArray[np.uint8]) -> int:
    """In how many rows digits stand, 1 or more.

    What is much lower than the rest makes no row, such as the hat of a 5; nor does what nearly touches the
    rest, such as half of an 8.

    Args:
        ink: Shape (rows, columns), 0 for bare paper and 255 for full ink.
    """
    labels, _ = ndimage.label(ink, structure=np.ones((3, 3)))
    parts = _parts(ink, labels)
    if len(parts) < 2:
        return 1
    least = ROW_GAP * max(part.height for part in parts)
    return len(_tall(_united(parts, lambda a, b: _rows_between(a, b) < least)))


def _parts(ink: NDArray[np.uint8], labels: NDArray[np.int32]) -> list[_Ink]:
    """The connected parts that are no specks, from their numbers, shape (rows, columns)."""
    return [_part(ink, labels, number) for number, speck in enumerate(specks(labels), 1) if not speck]


def _part(ink: NDArray[np.uint8], labels: NDArray[np.int32], number: int) -> _Ink:
    marked = labels == number
    inked, width = marked.any(axis=1), marked.shape[1]
    left = np.where(inked, marked.argmax(axis=1), width)
    right = np.where(inked, width - 1 - marked[:, ::-1].argmax(axis=1), -1)
    return _Ink((number,), left, right, int(ink[marked].sum(dtype=np.int64)))


def _digits(parts: Sequence[_Ink]) -> list[_Ink]:
    """What stands side by side, from left to right."""
    tall = _standing(_united(parts, _above_each_other))
    least = GAP * max(piece.height for piece in tall)
    digits = _united(tall, lambda a, b: _columns_between(a, b) < least)
    most = max(digit.amount for digit in digits)
    inked = [digit for digit in digits if digit.amount >= LEAST_INK * most]
    return sorted(inked, key=lambda digit: sum(digit.columns))


def _standing(parts: Sequence[_Ink]) -> list[_Ink]:
    """Those as tall as digits are beside each other, or lower and clear of all others."""
    tallest = max(part.height for part in parts)
    clear = [
        part
        for part in parts
        if LOWEST_CLEAR * tallest <= part.height < LOWEST * tallest
        and all(_apart(part, other) >= CLEAR * tallest for other in parts if other is not part)
    ]
    return _tall(parts) + clear


def _apart(a: _Ink, b: _Ink) -> int:
    """Columns without ink between two parts; below zero if they have some in common."""
    first, last = zip(a.columns, b.columns, strict=True)
    return max(first) - min(last) - 1


def _tall(parts: Sequence[_Ink]) -> list[_Ink]:
    """Those that aren't much lower than the rest."""
    tallest = max(part.height for part in parts)
    return [part for part in parts if part.height >= LOWEST * tallest]


def _united(parts: Sequence[_Ink], belong_together: Callable[[_Ink, _Ink], bool]) -> list[_Ink]:
    """The parts, of which those that belong together, directly or by others, have become one."""
    pairs = [[belong_together(a, b) for a in parts] for b in parts]
    count, group = csgraph.connected_components(np.array(pairs), directed=False)
    return [
        reduce(_Ink.joined, (part for part, number in zip(parts, group, strict=True) if number == one))
        for one in range(count)
    ]


def _above_each_other(a: _Ink, b: _Ink) -> bool:
    """Whether two parts have few rows in common, and many columns."""
    rows = int(((a.right >= 0) & (b.right >= 0)).sum())
    first, last = zip(a.columns, b.columns, strict=True)
    columns = min(last) - max(first) + 1
    narrower = min(last[0] - first[0], last[1] - first[1]) + 1
    return rows < FEW_ROWS * min(a.height, b.height) and columns >= MANY_COLUMNS * narrower


def _rows_between(a: _Ink, b: _Ink) -> int:
    """Rows without ink between two parts; below zero if they have some in common."""
    first, last = zip(a.rows, b.rows, strict=True)
    return max(first) - min(last) - 1


def _columns_between(a: _Ink, b: _Ink) -> float:
    """Columns between two parts where they are closest in a row; below 0 if neither is left of the other."""
    both = (a.right >= 0) & (b.right >= 0)
    after, before = (b.left - a.right)[both], (a.left - b.right)[both]
    return float(max(after.min(initial=FAR), before.min(initial=FAR))) - 1


def _nearest(first: int, last: int, digits: Sequence[_Ink]) -> int:
    """Place of the digit that has the most columns in common with these, or else is nearest to them."""
    apart = [max(first, digit.columns[0]) - min(last, digit.columns[1]) for digit in digits]
    return apart.index(min(apart))
