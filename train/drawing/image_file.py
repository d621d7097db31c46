"""Read an untrusted picture file as grey levels."""

import logging
import math
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from train.console.text import one_line
from train.errors import PictureError
from train.input.few_reads import MOST_PIXELS, FewReads
from train.input.memory_limit import memory_capped
from train.input.regular_file import UnreadableError, open_regular

# Pillow decodes these itself or by its own libraries; EPS, for example, would start Ghostscript.
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
# Phones save 12 to 50 million; a small file may claim more than the memory holds.
MOST_SIDE = 65_535
MOST_BYTES = 200_000_000
BAND_PIXELS = 1 << 20
# What Pillow logs of a damaged file would be a second line on stderr.
logging.getLogger("PIL").addHandler(logging.NullHandler())
MOST_MEMORY = 1_200_000_000  # in bytes: four times a WebP's pixels; other formats take them once
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
        with (
            warnings.catch_warnings(),
            memory_capped(MOST_MEMORY),
            FewReads(open_regular(path, MOST_BYTES)) as file,
        ):
            warnings.simplefilter("ignore")  # about the size, which is checked here, and about metadata
            with Image.open(file, formats=FORMATS) as image:
                _demand_size(image, path)
                image.draft(None, (2 * SIDE, 2 * SIDE))  # a JPEG is decoded smaller
                image.load()
                return _turned(_as_grey(image), image)
    except PictureError:
        raise
    except UnreadableError as error:
        raise PictureError(f"expected a picture at {path}, {error}") from None
    except Image.DecompressionBombError:
        raise _too_large(path, "more") from None
    except UnidentifiedImageError:
        raise PictureError(
            f"expected a PNG, JPEG or other picture at {path}, found none that can be recognised: "
            "save it again"
        ) from None
    except Exception as error:  # decoders raise many kinds; all of them mean that the file is damaged
        raise PictureError(
            f"expected a PNG, JPEG or other picture at {path}, it can't be read "
            f"({one_line(error, 200)}): save it again"
        ) from None


def _turned(grey: NDArray[np.float64], image: Image.Image) -> NDArray[np.float64]:
    """Grey levels in the orientation of a picture's EXIF data."""
    small = Image.fromarray(grey.astype(np.float32))
    small.getexif()[ExifTags.Base.Orientation] = image.getexif().get(ExifTags.Base.Orientation, 1)
    return np.asarray(ImageOps.exif_transpose(small), np.float64)


def _demand_size(image: Image.Image, path: Path) -> None:
    """Refuse too large a picture by its header, before any pixel is decoded."""
    if image.width * image.height > MOST_PIXELS or max(image.size) > MOST_SIDE:
        raise _too_large(path, f"{image.width} x {image.height}")


def _too_large(path: Path, claim: str) -> PictureError:
    return PictureError(
        f"expected at most {MOST_PIXELS:,} pixels, {MOST_SIDE:,} a side, in {path}, found a claim of "
        f"{claim}: make it smaller"
    )


def _as_grey(image: Image.Image) -> NDArray[np.float64]:
    """Grey levels, the longer side at most `SIDE` pixels."""
    if image.mode.startswith(("I", "F")):  # 16 bits and more, which Pillow would clip at 255
        return _shrunk(image, _stretcher(image))
    if not image.has_transparency_data:
        return _shrunk(image, lambda band: band.convert("RGB"))
    for paper in ("white", "black"):
        grey = _shrunk(image, partial(_on_paper, paper))
        if np.ptp(grey):
            break
    return grey


def _on_paper(paper: str, drawn: Image.Image) -> Image.Image:
    sheet = Image.new("RGBA", drawn.size, paper)
    sheet.alpha_composite(drawn.convert("RGBA"))
    return sheet.convert("RGB")


def _stretcher(image: Image.Image) -> Callable[[Image.Image], Image.Image]:
    """What scales the grey levels of a picture, of any range, to 0..255."""
    ranges = [_range(np.asarray(band, np.float32)) for band in _bands(image, 1)]
    low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
    scale = np.float32(255 / ((high - low) or 1.0))
    return lambda band: Image.fromarray((np.asarray(band, np.float32) - np.float32(low)) * scale)


def _range(levels: NDArray[np.float32]) -> tuple[float, float]:
    low, high = float(levels.min()), float(levels.max())
    if not math.isfinite(high - low):
        raise ValueError("it holds NaN or infinity")
    return low, high


def _shrunk(image: Image.Image, convert: Callable[[Image.Image], Image.Image]) -> NDArray[np.float64]:
    """Convert a picture, and average it down by an integer factor so that no side is above `SIDE` pixels.

    It is done in bands, because a whole picture takes 256 MB in each form that it goes through.
    """
    factor = -(-max(image.size) // SIDE)
    return np.concatenate([_grey(convert(band).reduce(factor)) for band in _bands(image, factor)])


def _grey(image: Image.Image) -> NDArray[np.float64]:
    """Between the brightness and the darkest colour, so that yellow ink shows on white paper and on black."""
    if image.mode != "RGB":
        return np.asarray(image, np.float64)
    brightness, colours = np.asarray(image.convert("L"), np.float64), np.asarray(image)
    return np.asarray((brightness + colours.min(axis=-1)) / 2)


def _bands(image: Image.Image, factor: int) -> Iterator[Image.Image]:
    """A picture in bands of some million pixels, their heights multiples of a factor but for the last one."""
    height = max(BAND_PIXELS // (image.width * factor), 1) * factor
    for top in range(0, image.height, height):
        yield image.crop((0, top, image.width, min(top + height, image.height)))
