"""Find what isn't written in a picture's ink: lines, frames, and what reaches in from the border."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from train.drawing.parts import Mask, parts_of
from train.drawing.rings import encloses, rings
from train.drawing.runs import runs

FULL = 0.8  # of a line across the picture, in ink
THICKEST = 0.05  # of the picture's longer side: a wider bar of ink isn't a line
FRAME = 0.08  # of a frame's shorter side: the same for its lines
SLOPES = np.tan(np.deg2rad(np.arange(-6, 6.5, 0.5)))  # of lines against the picture's sides
OFF = 2  # pixels that a line may be off its straight course
ROUNDS = 4  # directions of lines on one sheet
LEAST_WITHIN = 0.6  # of a line lies in the picture
CROSSED = 1.5  # times a line's thickness: there is more than the line
SMALLEST = 40  # pixels: in a smaller one a curve would pass for a line
FLATTEST = SMALLEST // 2  # pixels: the same in the height of boxes in a row, at least twice as wide


def ruling(inked: Mask) -> Mask:
    """The pixels of lines that run through the picture, along a frame or around what is written.

    What is written across a line remains, so far as it is thicker.
    """
    # Boxes in a row are frames before their upper and lower sides are taken for lines across the picture.
    unframed = inked & ~_frames(inked)
    unruled = unframed & ~_lines(unframed, THICKEST * max(inked.shape))
    written = unruled & ~_frames(unruled)
    return inked & ~(written & ~rings(written))


def reaching_in(inked: Mask) -> Mask:
    """The parts that touch the border: a finger, the desk, a pen, what is cut off."""
    parts, _ = ndimage.label(inked, np.ones((3, 3)))
    border = np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]])
    return np.isin(parts, border[border > 0])


def _frames(inked: Mask) -> Mask:
    """The lines along the sides of the parts that are frames, and those inside them from side to side."""
    lines = np.zeros_like(inked)
    for part, where in parts_of(inked):
        height, width = part.shape
        if min(height, width) < SMALLEST and not width >= 2 * height >= 2 * FLATTEST:
            continue
        cut = [
            (side.start == 0, side.stop == length) for side, length in zip(where, inked.shape, strict=True)
        ]
        thickest = FRAME * min(height, width)
        if _is_frame(part, thickest, cut) and (not np.any(cut) or encloses(part, inked[where])):
            lines[where] |= _lines(part, thickest)
    return lines


def _is_frame(part: Mask, thickest: float, cut: Sequence[tuple[bool, bool]]) -> bool:
    """Whether lines run along all four sides of a part but those that the picture's border cuts off."""
    for sides, (first, last) in zip((part, part.T), cut, strict=True):
        lines = _lines_down(sides, thickest)
        near = max(2 * OFF, len(sides) // 6)
        if not (first or lines[:near].any()) or not (last or lines[-near:].any()):
            return False
    return True


def _lines(inked: Mask, thickest: float) -> Mask:
    across = _lines_down(inked, thickest)
    return across | _lines_down((inked & ~across).T, thickest).T


def _lines_down(inked: Mask, thickest: float) -> Mask:
    """The pixels of lines from left to right, at most so many pixels thick; one direction after the other."""
    left = inked.copy()
    for _ in range(ROUNDS):
        shift, rows = max((_full_rows(left, slope) for slope in SLOPES), key=lambda found: found[1].sum())
        before = left.sum()
        for first, last in runs(rows):
            _take_out(left, shift + (first + last) // 2, thickest)
        if left.sum() == before:
            break
    return inked & ~left


def _full_rows(inked: Mask, slope: float) -> tuple[NDArray[np.intp], Mask]:
    """How far each column is moved by a slope, and which rows are then full of ink."""
    height, width = inked.shape
    shift = np.floor(slope * (np.arange(width) - width // 2) + 0.5).astype(np.intp)
    thick = inked.copy()  # by one pixel: pixels are coarse
    thick[1:] |= inked[:-1]
    thick[:-1] |= inked[1:]
    y, x = np.nonzero(thick)
    moved = y - shift[x]
    count = np.bincount(moved[(moved >= 0) & (moved < height)], minlength=height)
    row = np.arange(height)[:, None] + shift
    within = ((row >= 0) & (row < height)).sum(axis=1)
    return shift, (count >= FULL * within) & (within >= LEAST_WITHIN * width)


def _take_out(inked: Mask, course: NDArray[np.intp], thickest: float) -> None:
    """Take a line out, but for the columns where it is part of something higher, which crosses it."""
    height, width = inked.shape
    columns = np.arange(width)
    row = np.arange(height)[:, None]
    start = np.maximum.accumulate(np.where(inked, 0, row + 1), axis=0)
    stop = np.minimum.accumulate(np.where(inked, height, row)[::-1], axis=0)[::-1]
    place = np.full(width, -1)
    for off in sorted(range(-OFF, OFF + 1), key=abs, reverse=True):  # the nearest comes last
        at = course + off
        seen = (at >= 0) & (at < height) & inked[np.clip(at, 0, height - 1), columns]
        place[seen] = at[seen]
    columns = columns[place >= 0]
    first, last = start[place[columns], columns], stop[place[columns], columns]
    if not columns.size or (thickness := np.median(last - first)) > max(thickest, 2.0):
        return
    thin = last - first <= CROSSED * thickness + 2
    within = (row >= first[thin]) & (row < last[thin])
    inked[:, columns[thin]] &= ~within
