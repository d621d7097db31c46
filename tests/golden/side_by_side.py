"""The golden drawings of `side_by_side.json`, which `make_side_by_side.py` explains."""

import base64
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Golden:
    """A drawing, and what its ink belongs to.

    Attributes:
        ink: Shape (rows, columns), 0 for bare paper and 255 for full ink.
        owners: Of the same shape: from `owners`.
        written_rows: How many rows the digits stand in.
    """

    name: str
    ink: Image
    owners: Image
    written_rows: int


def owners(digits: Sequence[Image]) -> Image:
    """1 for the ink of the first digit, 2 for the second's, 0 for bare paper, shape (rows, columns)."""
    numbers = np.arange(1, len(digits) + 1, dtype=np.uint8)[:, None, None]
    return np.asarray(((np.array(digits) > 0) * numbers).sum(axis=0), np.uint8)


def _read() -> list[Golden]:
    text = Path(__file__).with_name("side_by_side.json").read_text(encoding="utf-8")
    return [
        Golden(
            one["name"],
            _unpacked(one["ink"], one["rows"], one["columns"]),
            _unpacked(one["owners"], one["rows"], one["columns"]),
            one["written_rows"],
        )
        for one in json.loads(text)
    ]


def _unpacked(packed: str, *shape: int) -> Image:
    return np.frombuffer(zlib.decompress(base64.b64decode(packed)), np.uint8).reshape(shape)


GOLDEN = _read()
