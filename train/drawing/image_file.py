"""Read a picture file, from whoever made it, as grey levels."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from train.console.text import one_line
from train.errors import PictureError

# Pillow decodes these itself or through its own libraries; EPS, for one, would start Ghostscript.
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
# Phones save 12 to 50 million; a small file may claim far more than the memory holds.
MOST_PIXELS = 64_000_000
# Longer side after reading. Averaging down takes out a camera's noise.
SIDE = 400


def read_grey(path: Path) -> NDArray[np.float64]:
    """Read a picture as it is meant to be seen: turned as its EXIF says, transparency on white paper.

    Where white paper leaves nothing to see, as under white ink, transparency is black.

    Args:
        path: A PNG, JPEG, WebP, BMP, GIF or TIFF of any colours and depth; of several frames the first.

    Returns:
        Grey levels, shape (rows, columns), 0 for black and 255 for white; the longer side is at most 400
        pixels.

    Raises:
        PictureError: If there is no such file, or it isn't a picture, is damaged or too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a size that is checked here, and of odd metadata
            with Image.open(path, formats=FORMATS) as image:
                _check_size(image, path)
                image.load()
                return _as_grey(ImageOps.exif_transpose(image))
    except PictureError:
        raise
    except FileNotFoundError:
        raise PictureError(f"expected a picture at {path}, found no file: check the path") from None
    except Exception as error:  # each decoder has its own; any means that the file is no sound picture
        raise PictureError(
            f"expected a PNG, JPEG or other picture at {path}, it can't be read "
            f"({one_line(error, 200)}): save it again"
        ) from None


def _check_size(image: Image.Image, path: Path) -> None:
    """Refuse a picture by what its header claims, before a pixel is decoded."""
    if image.width * image.height > MOST_PIXELS:
        raise PictureError(
            f"expected at most {MOST_PIXELS:,} pixels in {path}, found a claim of "
            f"{image.width} x {image.height}: make it smaller"
        )


def _as_grey(image: Image.Image) -> NDArray[np.float64]:
    if image.mode.startswith(("I", "F")):  # 16 bits and more, which Pillow cuts off at 255
        return _shrunk(Image.fromarray(_stretched(np.asarray(image, np.float32))))
    if not image.has_transparency_data:
        return _shrunk(image.convert("RGB"))
    drawn = image.convert("RGBA")
    for paper in ("white", "black"):
        flat = Image.alpha_composite(Image.new("RGBA", drawn.size, paper), drawn)
        grey = _shrunk(flat.convert("RGB"))
        if np.ptp(grey):
            break
    return grey


def _stretched(levels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Levels of any range, brought to 0..255."""
    if not np.isfinite(levels).all():
        raise ValueError("it holds NaN or infinity")
    low, high = float(levels.min()), float(levels.max())
    stretched: NDArray[np.float32] = (levels - low) * np.float32(255 / ((high - low) or 1.0))
    return stretched


def _shrunk(image: Image.Image) -> NDArray[np.float64]:
    """Grey levels, averaged down by a whole number so that the longer side is at most `SIDE` pixels."""
    factor = -(-max(image.size) // SIDE)
    small = image.reduce(factor) if factor > 1 else image
    return np.asarray(small.convert("L") if small.mode == "RGB" else small, np.float64)
