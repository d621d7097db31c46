"""Bring pictures into the shape (n, rows, columns, channels), and that into the one that a model needs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.errors import DataError

PictureShape = tuple[int | None, int | None, int | None]
"""Rows, columns and channels; None where any number will do."""
COLOURS = 3
CHANNELS = (1, COLOURS, 4)  # grey, colours, colours with transparency


def shaped(
    pictures: NDArray[np.uint8], what: str, wanted: PictureShape | None = None
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Bring pictures into shape.

    Args:
        pictures: Shape (n, rows, columns[, channels]), (n, channels, rows, columns) or (n, pixels).
        what: Where they are, for messages.
        wanted: The shape that the model needs, if it is known.

    Returns:
        The pictures, shape (n, rows, columns, channels), and what was understood, one line each. A picture
        that can't have the wanted shape keeps its own.

    Raises:
        DataError: If their shape isn't that of pictures.
    """
    notes = []
    if math.prod(pictures.shape[2:]) == 1 and pictures.shape[1:] != wanted:
        pixels = pictures.shape[1]
        shape = _shape_of_row(pixels, wanted)
        if shape is None:
            raise DataError(
                f"expected {what} to be pictures, found rows of {pixels:,} pixels, which are no square: save "
                "them as (images, rows, columns) with .reshape"
            )
        pictures = pictures.reshape(-1, *shape)
        notes.append(f"rows of {pixels:,} pixels are taken as pictures of {_named(shape)}")
    if pictures.ndim == 3:
        pictures = pictures[..., None]
    if pictures.ndim != 4:
        raise DataError(
            f"expected {what} to have the shape (images, rows, columns) or (images, rows, columns, "
            f"channels), found {pictures.shape}: reshape it"
        )
    if _has_channels_first(pictures.shape[1:], wanted):
        pictures = np.moveaxis(pictures, 1, 3)
        notes.append(f"channels came first; pictures are taken as {_named(pictures.shape[1:])}")
    if wanted and wanted[2] == COLOURS and pictures.shape[3] == 1:
        pictures = np.repeat(pictures, COLOURS, axis=3)
        notes.append("grey pictures are given to the model in three equal channels")
    return pictures, tuple(notes)


def _shape_of_row(pixels: int, wanted: PictureShape | None) -> tuple[int, int, int] | None:
    """The shape of a flattened picture: the wanted one, or a square, grey or in colours."""
    rows, columns, channels = wanted or (None, None, None)
    if rows and columns and channels and rows * columns * channels == pixels:
        return rows, columns, channels
    for depth in (channels,) if channels else (1, COLOURS):
        side = math.isqrt(pixels // depth)
        if side * side * depth == pixels:
            return side, side, depth
    return _shape_of_row(pixels, None) if wanted and channels else None


def _has_channels_first(shape: tuple[int, ...], wanted: PictureShape | None) -> bool:
    """Whether a picture's channels come first, by what is wanted, or by their number."""
    moved = (*shape[1:], shape[0])
    if wanted and any(wanted) and _fits(moved, wanted) != _fits(shape, wanted):
        return _fits(moved, wanted)
    return shape[0] in (1, COLOURS) and shape[2] not in CHANNELS


def _fits(shape: tuple[int, ...], wanted: PictureShape) -> bool:
    return all(want in (None, side) for side, want in zip(shape, wanted, strict=True))


def _named(shape: tuple[Any, ...]) -> str:
    return " x ".join(map(str, shape))
