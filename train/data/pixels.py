"""Pixels as bytes, whatever the scale in which they come: 0..255, 0..1 or -1..1."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.errors import DataError

TOLERANCE = 1e-3  # of pixels in 0..1 and -1..1, which are rounded in half precision, too
# Pixels in -1..1 reach at least this close to -1: in pictures of which a mean was subtracted, they don't.
DARKEST = -0.9
# Fractions above 1 are grey levels 0..255 only if they reach this: standardized pixels rarely reach 10.
BRIGHTEST = 64.0


class Scale(Enum):
    """What a pixel is multiplied by, after something was added, to give a grey level 0..255."""

    BYTES = (0.0, 1.0, "0..255")
    UNIT = (0.0, 255.0, "0..1")
    SIGNED = (1.0, 127.5, "-1..1")

    def as_bytes(self, pixels: NDArray[Any]) -> NDArray[np.uint8]:
        """Pixels of this scale as grey levels 0..255, rounded."""
        if self is Scale.BYTES and pixels.dtype.kind in "ui":
            return pixels.astype(np.uint8)
        plus, times, _ = self.value
        wide = pixels.astype(np.promote_types(pixels.dtype, np.float32))
        return np.rint(np.clip((wide + plus) * times, 0, 255)).astype(np.uint8)

    def __str__(self) -> str:
        """Its range, for messages."""
        return self.value[2]


@dataclass(frozen=True, slots=True)
class Range:
    """What is known of an array's pixels.

    Attributes:
        low: The lowest; NaN if one of them is no number.
        high: The highest; NaN if one of them is no number.
        whole: Whether all are whole numbers.
    """

    low: float
    high: float
    whole: bool

    def __str__(self) -> str:
        """For messages: `-1.8..2.6`."""
        if not np.isfinite([self.low, self.high]).all():
            return "NaN or infinity"
        return f"{self.low:.4g}..{self.high:.4g}"


def measure(pieces: Iterable[NDArray[Any]]) -> Range:
    """Find the range of pixels, piece by piece; there is at least one piece."""
    low, high, whole = np.inf, -np.inf, True
    for piece in pieces:
        low, high = float(np.minimum(low, piece.min())), float(np.maximum(high, piece.max()))
        whole = whole and (piece.dtype.kind in "uib" or bool((piece == np.rint(piece)).all()))
    return Range(low, high, whole)


def scale_of(halves: Mapping[str, Range]) -> Scale:
    """The scale of pixels, where their range leaves only one.

    Args:
        halves: The range of each split's pixels, by where they are, for messages. They have one scale.

    Raises:
        DataError: If it is ambiguous, or they are no grey levels at all.
    """
    for what, found in halves.items():
        if not np.isfinite([found.low, found.high]).all():
            raise DataError(
                f"expected numbers as pixels in {what}, found {found}: drop or fix those pictures"
            )
    every = Range(
        min(found.low for found in halves.values()),
        max(found.high for found in halves.values()),
        all(found.whole for found in halves.values()),
    )
    scale = _scale_of(every, " and ".join(halves))
    for what, found in halves.items():
        if 0 < found.high <= 1 + TOLERANCE and found.low >= 0 and scale is not Scale.UNIT:
            raise DataError(
                f"expected pixels in {what} of the same scale as in the other split, {every}, found {found}: "
                "one split was scaled and the other not, so give both grey levels 0..255"
            )
    return scale


def _scale_of(found: Range, what: str) -> Scale:
    if found.low == found.high == 0:
        return Scale.BYTES  # as black in any scale
    if found.low >= 0 and found.high <= 1 + TOLERANCE:
        if found.high < BRIGHTEST / 255:
            raise _refusal(found, what, "they look divided by 255 twice: divide them once, or not at all")
        return Scale.UNIT
    if found.whole and found.low >= 0 and found.high <= 255:
        return Scale.BYTES
    if DARKEST >= found.low >= -1 - TOLERANCE and found.high <= 1 + TOLERANCE:
        return Scale.SIGNED
    if found.low >= -0.5 and BRIGHTEST <= found.high <= 255.5:
        return Scale.BYTES
    raise _refusal(found, what, _remedy(found))


def _remedy(found: Range) -> str:
    if found.whole and -128 <= found.low < -BRIGHTEST and found.high <= 127:
        return "save (pictures.astype('int16') + 128).astype('uint8')"
    if found.whole and found.low >= 0 and 4095 < found.high <= 65535:
        return "of 16 bits, save (pictures // 257).astype('uint8')"
    if found.low > -BRIGHTEST and 255 - BRIGHTEST < found.high < 255 + BRIGHTEST:
        return "where interpolation went beyond them, save np.clip(pictures, 0, 255).astype('uint8')"
    return "save them as uint8 0..255, as they were before any normalisation"


def _refusal(found: Range, what: str, remedy: str) -> DataError:
    return DataError(
        f"expected grey levels 0..255, or pixels 0..1 or -1..1, in {what}, found {found}: {remedy}"
    )
