"""The golden photos of `photos.json`, which `make_photos.py` explains."""

import base64
import json
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from train.contract import InputContract

Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Golden:
    """A photo, and what is read in it.

    Attributes:
        grey: Shape (rows, columns), 0 for black and 255 for white.
        digits: The model's inputs, from left to right, shape (digits, height, width); None if there are none.
    """

    name: str
    grey: Image
    digits: Image | None


def _read() -> list[Golden]:
    contract = InputContract()
    text = Path(__file__).with_name("photos.json").read_text(encoding="utf-8")
    return [
        Golden(
            one["name"],
            _unpacked(one["grey"], one["rows"], one["columns"]),
            one["digits"] and _unpacked(one["digits"], -1, contract.height, contract.width),
        )
        for one in json.loads(text)
    ]


def _unpacked(packed: str, *shape: int) -> Image:
    return np.frombuffer(zlib.decompress(base64.b64decode(packed)), np.uint8).reshape(shape)


GOLDEN = _read()
