"""Large pictures take bounded memory and time, whatever their colours, and those of a million pieces none."""

import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.often import often
from train.drawing import image_file
from train.drawing.image_file import read_grey
from train.errors import PictureError

MOST_BYTES = 1_300_000_000
SIZE = (8000, 7999)


READ = """
import resource, sys
from pathlib import Path
import numpy as np
from train.drawing.image_file import read_grey
grey = read_grey(Path(sys.argv[1]))
assert max(grey.shape) == 400 and np.ptp(grey)
used = resource.getrusage(resource.RUSAGE_SELF)
assert used.ru_utime + used.ru_stime < 10
peak, = (line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(1024 * int(peak.split()[1]))
"""


def peak_of(path: Path) -> int:
    """Bytes that a process takes to read a picture."""
    done = subprocess.run([sys.executable, "-c", READ, path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def drawn(mode: str) -> Image.Image:
    image = Image.new(mode, SIZE)
    ink = {"RGBA": (1, 2, 3, 200), "LA": (9, 200), "I;16": 9000}.get(mode, 200)
    image.paste(ink, (1000, 1000, 5000, 5000))  # type: ignore[arg-type]
    return image


@pytest.mark.parametrize(
    ("mode", "suffix"),
    often(
        [("RGBA", "png"), ("LA", "png"), ("I;16", "png"), ("RGBA", "webp"), ("RGBA", "tiff")],
        lambda case: case in (("RGBA", "png"), ("RGBA", "webp")),
    ),
)
def test_64_million_pixels_are_never_held_as_copies(mode: str, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"large.{suffix}"
    options = {"png": {"compress_level": 1}, "webp": {"lossless": True, "quality": 0, "method": 0}}
    drawn(mode).save(path, **options.get(suffix, {"compression": "tiff_lzw"}))
    assert path.stat().st_size < 5_000_000
    assert peak_of(path) < MOST_BYTES


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "RGB", "P", "CMYK", "I;16", "1"])
def test_bands_give_what_the_whole_picture_gives(
    mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grey = np.random.default_rng(0).integers(0, 256, (907, 1203)).astype(np.uint8)
    image = Image.fromarray(grey * np.uint16(200) if mode == "I;16" else grey)
    image = image if mode == "I;16" else image.convert("RGB").convert(mode)
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "some.tiff"
    image.save(path, exif=exif)
    whole = read_grey(path)
    monkeypatch.setattr(image_file, "BAND_PIXELS", 10_000)
    np.testing.assert_array_equal(read_grey(path), whole)
    assert whole.shape == (301, 227)


def png(*chunks: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks)


def chunk(name: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def bmp(width: int, height: int, content: bytes) -> bytes:
    """A BMP of run lengths."""
    information = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, 0, 0, 0, 256, 0) + bytes(1024)
    return b"BM" + struct.pack("<IHHI", 0, 0, 0, 54 + 1024) + information + content


COUNT = 1_500_000
GIF = b"GIF89a" + struct.pack("<HHBBB", 9, 9, 0, 0, 0)
PIECES: dict[str, Callable[[], bytes]] = {
    "chunks of PNG": lambda: png(chunk(b"teSt") * COUNT),
    "pixels of no PNG": lambda: png(chunk(b"IDAT") * COUNT),
    "fill bytes of JPEG": lambda: b"\xff\xd8" + b"\xff" * 2 * COUNT,
    "markers of JPEG": lambda: b"\xff\xd8" + b"\xff\xee\x00\x02" * COUNT,
    "comments of GIF": lambda: GIF + b"!\xfe" + b"\x01a" * COUNT,
    "extensions of GIF": lambda: GIF + b"!\x01\x00" * 4 * COUNT,
    "ends of lines of BMP": lambda: bmp(8000, 7999, bytes(2 * COUNT)),
}


@pytest.mark.parametrize("name", often(PIECES, lambda name: name != "chunks of PNG"))  # it takes 4 s
def test_millions_of_pieces_are_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "some.png"
    path.write_bytes(PIECES[name]())
    with pytest.raises(PictureError, match="2,000,000 pieces"):
        read_grey(path)


def test_one_row_of_64_million_pixels(tmp_path: Path) -> None:
    path = tmp_path / "row.png"
    Image.new("1", (64_000_000, 1)).save(path)
    with pytest.raises(PictureError, match="65,535 a side"):
        read_grey(path)


@pytest.mark.parametrize(
    "make",
    [
        Path.mkdir,
        pytest.param(lambda path: os.mkfifo(path), marks=pytest.mark.posix),
        pytest.param(lambda path: path.symlink_to("/dev/zero"), marks=pytest.mark.posix),
    ],
)
def test_no_regular_file(make: Callable[[Path], object], tmp_path: Path) -> None:
    make(tmp_path / "x.png")
    with pytest.raises(PictureError, match="found a "):
        read_grey(tmp_path / "x.png")
