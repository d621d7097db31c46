"""Read an untrusted picture file as grey levels."""

import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from train.console.text import one_line
from train.errors import PictureError

# Pillow decodes these itself or by its own libraries; EPS, for example, would start Ghostscript.
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
# Phones save 12 to 50 million; a small file may claim more than the memory holds.
MOST_PIXELS = 64_000_000
# Longer side after reading, in pixels. Averaging down removes a camera's noise.
SIDE = 400


def read_grey(path: Path) -> NDArray[np.float64]:
    """Read a picture with the orientation of its EXIF data, and with transparency as white paper.

    If the picture is blank on white paper, as with white ink, transparency becomes black paper.

    Args:
        path: A PNG, JPEG, WebP, BMP, GIF or TIFF of any colours and depth; only its first frame is read.

    Returns:
        Grey levels, shape (rows, columns), 0 for black and 255 for white; the longer side is at most 400
        pixels.

    Raises:
        PictureError: If the file is missing, damaged, too large or not a picture.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the size, which is checked here, and about metadata
            with Image.open(path, formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:  # by its header, before any pixel is decoded
                    raise PictureError(
                        f"expected at most {MOST_PIXELS:,} pixels in {path}, found a claim of "
                        f"{image.width} x {image.height}: make it smaller"
                    )
                image.load()
                return _as_grey(ImageOps.exif_transpose(image))
    except PictureError:
        raise
    except FileNotFoundError:
        raise PictureError(f"expected a picture at {path}, found no file: check the path") from None
    except Exception as error:  # decoders raise many kinds; all of them mean that the file is damaged
        raise PictureError(
            f"expected a PNG, JPEG or other picture at {path}, it can't be read "
            f"({one_line(error, 200)}): save it again"
        ) from None


def _as_grey(image: Image.Image) -> NDArray[np.float64]:
    if image.mode.startswith(("I", "F")):  # 16 bits and more, which Pillow would clip at 255
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
    """Scale grey levels of any range to 0..255."""
    if not np.isfinite(levels).all():
        raise ValueError("it holds NaN or infinity")
    low, high = float(levels.min()), float(levels.max())
    return np.asarray((levels - low) * np.float32(255 / ((high - low) or 1.0)), np.float32)


def _shrunk(image: Image.Image) -> NDArray[np.float64]:
    """Grey levels, averaged down by an integer factor so that the longer side is at most `SIDE` pixels."""
    factor = -(-max(image.size) // SIDE)
    small = image.reduce(factor) if factor > 1 else image
    return np.asarray(small.convert("L") if small.mode == "RGB" else small, np.float64)
