"""How golden files hold images: row-major bytes, compressed by zlib, as base64."""

import base64
import zlib
from typing import Any

from numpy.typing import NDArray


def packed(image: NDArray[Any]) -> str:
    """Bytes of an image, row by row, as text."""
    return base64.b64encode(zlib.compress(image.tobytes(), 9)).decode("ascii")
