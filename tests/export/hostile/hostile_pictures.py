"""Pictures that are hostile, broken or odd, and what `train predict` says of each."""

import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, PngImagePlugin

from tests.export.hostile.hostile_tables import Table, containing
from tests.export.hostile.no_files import endless, pipe, sparse

DIGIT = np.full((40, 30), 255, np.uint8)
DIGIT[5:35, 12:18] = 0
UNREADABLE, UNKNOWN = "it can't be read", "found none that can be recognised"
READ = ""  # nothing is said


def saved(format_name: str, pixels: Any = DIGIT, mode: str | None = None, **options: Any) -> bytes:
    content, image = BytesIO(), Image.fromarray(pixels)
    (image.convert(mode) if mode else image).save(content, format_name, **options)
    return content.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def claim(width: int, height: int) -> bytes:
    """A PNG of which there is nothing but the header and a pixel."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def frames(format_name: str, count: int) -> bytes:
    others = [Image.new("L", (30, 40), number) for number in range(1, count)]
    return saved(format_name, save_all=True, append_images=others)


def text() -> bytes:
    """A text that unpacks to 100 MB."""
    info = PngImagePlugin.PngInfo()
    info.add_text("comment", "0" * 100_000_000, zip=True)
    return saved("PNG", pnginfo=info)


PICTURES: Table = {
    "missing": (lambda path: None, "found no file"),
    "folder": (Path.mkdir, "found a folder"),
    "pipe": (pipe, "found a named pipe"),
    "endless": (endless, "found a device"),
    "1 TB of nothing": (sparse, "more than 200,000,000 bytes"),
    "link to itself": (lambda path: path.symlink_to(path), "Too many levels of symbolic links"),
    "empty": (containing(b""), UNKNOWN),
    "text": (containing(b"text" * 999), UNKNOWN),
    "PostScript": (containing(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"), UNKNOWN),
    "half a PNG": (containing(saved("PNG")[:80]), UNREADABLE),
    "half a JPEG": (containing(saved("JPEG")[:300]), UNREADABLE),
    "half a TIFF": (containing(saved("TIFF")[:700]), UNREADABLE),
    "half a WebP": (containing(saved("WEBP")[:40]), UNREADABLE),
    "no width": (containing(claim(0, 9)), UNKNOWN),
    "no height": (containing(claim(9, 0)), UNKNOWN),
    "2^31 pixels a side": (containing(claim(2**31 - 1, 2**31 - 1)), "at most 64,000,000 pixels"),
    "64,000,001 pixels": (containing(claim(64_000_001, 1)), "at most 64,000,000 pixels"),
    "one long row": (containing(claim(1, 65_536)), "65,535 a side"),
    "text of 100 MB": (containing(text), UNREADABLE),
    "frames of GIF": (containing(lambda: frames("GIF", 500)), READ),
    "frames of WebP": (containing(lambda: frames("WEBP", 50)), READ),
    "pages of TIFF": (containing(lambda: frames("TIFF", 50)), READ),
    "four inks": (containing(saved("JPEG", mode="CMYK")), READ),
    "16 bits": (containing(saved("PNG", DIGIT.astype(np.uint16) * 250)), READ),
    "floats": (containing(saved("TIFF", DIGIT.astype(np.float32))), READ),
    "infinite grey": (
        containing(saved("TIFF", np.where(DIGIT == 0, np.inf, 1).astype(np.float32))),
        "infinity",
    ),
    "no grey": (containing(saved("TIFF", np.full((9, 9), np.nan, np.float32))), "NaN"),
    "one pixel": (containing(saved("PNG", DIGIT[:1, :1])), "found bare paper"),
    "transparency alone": (containing(saved("PNG", np.zeros((9, 9, 4), np.uint8))), "found bare paper"),
}
