"""Read a folder of pictures by class, resized as Keras does it, into a file that is mapped into memory."""

from __future__ import annotations

import errno
import hashlib
import io
import math
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import accumulate, pairwise
from pathlib import Path
from threading import Lock
from typing import IO, TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from train.console.quiet import import_tensorflow
from train.console.text import plain
from train.data.folder_index import MOST_FILE_BYTES, Index, Picture, combined_sha256, index_folder
from train.data.label_forms import compact
from train.data.picture_shape import CHANNELS, COLOURS, PictureShape
from train.data.splits import VALIDATION_FRACTION, Dataset, Split, held_out
from train.errors import DataError, OutputError
from train.input.few_reads import MOST_PIXELS, FewReads
from train.input.regular_file import MissingError, UnreadableError, read_regular
from train.input.room import Room

if TYPE_CHECKING:
    from PIL import Image

SIDE = 256  # of image_dataset_from_directory, where a model takes any size
GREY = {"1", "L"}
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF")  # of Pillow, which calls other programs for some others


def read_folder(folder: Path, name: str, wanted: PictureShape | None = None) -> Dataset:
    """Read a folder of pictures by class, of any total size: their pixels lie in a temporary file.

    Args:
        folder: The folder, see `train.data.folder_index.index_folder`.
        name: The dataset's name.
        wanted: The shape that the model needs. What is None in it is what all pictures have, up to 256 rows
            and columns; where they differ, it is 256 rows, 256 columns or 3 channels, as in Keras. So is a
            number of channels that no picture has.

    Raises:
        DataError: If there are too few pictures, or one can't be read.
        OutputError: If there is no room for the temporary file.
    """
    index = index_folder(folder)
    rows, columns, channels = wanted or (None, None, None)
    parts = _splits(index, folder)
    pictures = [picture for part in parts for picture in part]
    common = (rows, columns, channels) if rows and columns and channels else _common_shape(pictures)
    depth = channels or common[2]
    shape = (rows or common[0] or SIDE, columns or common[1] or SIDE, depth if depth in CHANNELS else COLOURS)
    images, digests = _decode(pictures, shape)
    labels = compact(np.array([picture.label for picture in pictures]))
    ends = pairwise(accumulate((len(part) for part in parts), initial=0))
    train, validation, test = (Split(images[start:end], labels[start:end]) for start, end in ends)
    digest = combined_sha256(folder, pictures, digests)
    names = tuple(plain(name) for name in index.names)
    return Dataset(name, digest, train, validation, test, label_names=names, notes=index.notes)


def _splits(index: Index, folder: Path) -> list[list[Picture]]:
    """The pictures to train on, to validate and to test with."""
    train, test = list(index.train), index.test
    if test is None:
        rest, chosen = held_out(len(train), index.test_fraction)
        train, test = [train[place] for place in rest], [train[place] for place in chosen]
    if len(train) < 2:
        raise DataError(f"expected at least 2 pictures to train on in {folder}, found {len(train)}: add more")
    rest, chosen = held_out(len(train), VALIDATION_FRACTION)
    return [[train[place] for place in rest], [train[place] for place in chosen], list(test)]


def _common_shape(pictures: Sequence[Picture]) -> PictureShape:
    """Rows and columns that all pictures have, up to `SIDE`, and one channel if all are grey."""
    from PIL import Image

    sizes: set[tuple[int, int]] = set()
    modes: set[str] = set()
    for picture in pictures:
        try:
            opened = FewReads(io.BufferedReader(io.BytesIO(_read(picture.path))))
            with _quiet_about_sizes(), Image.open(opened, formats=FORMATS) as image:
                sizes.add((image.height, image.width))
                modes.add(image.mode)
        except Exception:  # decoding it says why
            break
        if len(sizes) > 1 and not modes <= GREY:
            break
    channels = 1 if modes <= GREY else None
    if len(sizes) == 1 and all(side <= SIDE for size in sizes for side in size):
        return *sizes.pop(), channels
    return None, None, channels


def _decode(
    pictures: Sequence[Picture], shape: tuple[int, int, int]
) -> tuple[NDArray[np.uint8], list[bytes]]:
    """Decode pictures into a temporary file without a name, which goes when the array does.

    Returns:
        All pixels, shape (n, rows, columns, channels), read-only, and the SHA-256 of each picture's file.
    """
    import_tensorflow()
    size = math.prod(shape)
    writing = Lock()
    with _room_for(len(pictures), size) as file:

        def decode(place: int) -> bytes:
            content = _read(pictures[place].path)
            pixels = decode_picture(content, shape, pictures[place].path)
            with writing:  # not by the map: that is memory in use
                file.seek(place * size)
                file.write(pixels.tobytes())
            return hashlib.sha256(content).digest()

        with _quiet_about_sizes(), ThreadPoolExecutor(os.cpu_count()) as pool:
            digests = list(pool.map(decode, range(len(pictures))))
        file.flush()
        return np.memmap(file, np.uint8, "r", shape=(len(pictures), *shape)), digests


@contextmanager
def _quiet_about_sizes() -> Iterator[None]:
    """Ignore what Pillow warns of, as sizes are checked here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


# By all threads, so that their memory doesn't grow with the cores.
AT_ONCE = Room(MOST_PIXELS)


@contextmanager
def _room_for(count: int, size: int) -> Iterator[IO[bytes]]:
    """A temporary file whose room is reserved; reading a map beyond it would kill the process."""
    with tempfile.TemporaryFile() as file:
        try:
            if sys.platform == "linux":
                os.posix_fallocate(file.fileno(), 0, count * size)
            else:
                _demand_room(count * size)
        except OSError as error:
            raise OutputError(
                f"expected {count * size / 1e9:.1f} GB for the pixels of {count:,} pictures, found no room "
                f"among the temporary files ({error.strerror}): free some space, set TMPDIR, or use fewer "
                "pictures"
            ) from None
        yield file


def _demand_room(size: int) -> None:
    """Raise an OSError if there are not as many bytes left for temporary files."""
    if shutil.disk_usage(tempfile.gettempdir()).free < size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _read(path: Path) -> bytes:
    """A picture's bytes."""
    try:
        return read_regular(path, MOST_FILE_BYTES)
    except MissingError:
        raise _broken(path, "can't read it (no such file)") from None
    except UnreadableError as error:
        found = str(error).partition(":")[0].removeprefix("found ")
        raise _broken(path, f"found something else ({found})") from None


def decode_picture(content: bytes, shape: tuple[int, int, int], path: Path) -> NDArray[np.uint8]:
    """Decode and resize a picture as image_dataset_from_directory does: bilinearly, whatever its proportions.

    What Keras's decoder refuses (WebP, a BMP or GIF as grey levels) is decoded by Pillow.

    Args:
        content: The file's bytes.
        shape: (rows, columns, channels); one channel for grey levels, three for colours, four with
            transparency.
        path: The file, for the message.

    Returns:
        Shape as given, uint8: the levels that Keras gives as floats, rounded.

    Raises:
        DataError: If it is damaged, too large or no picture.
    """
    import tensorflow as tf
    from PIL import Image
    from PIL.GifImagePlugin import GifImageFile

    *size, channels = shape
    decode = partial(tf.image.decode_image, expand_animations=False)
    try:
        opened = FewReads(io.BufferedReader(io.BytesIO(content)))
        with Image.open(opened, formats=FORMATS) as image:
            pixel_count = image.width * image.height
            if pixel_count > MOST_PIXELS:  # by its header, before any pixel is decoded
                raise Image.DecompressionBombError
            # TensorFlow decodes all frames and keeps the first.
            many = isinstance(image, GifImageFile) and pixel_count * image.n_frames > MOST_PIXELS
            with AT_ONCE.taken(pixel_count):
                try:
                    pixels = _by_pillow(image, channels) if many else decode(content, channels=channels)
                except tf.errors.InvalidArgumentError:
                    pixels = _by_pillow(image, channels)
                resized = tf.image.resize(pixels, size, method="bilinear").numpy()
    except Image.DecompressionBombError:
        raise _broken(path, f"it claims more than {MOST_PIXELS:,} pixels") from None
    except Exception:  # decoders raise many kinds; all of them mean that the file is damaged
        raise _broken(path, "it is damaged") from None
    return np.asarray(np.rint(np.clip(resized, 0, 255)), np.uint8)


def _by_pillow(image: Image.Image, channels: int) -> NDArray[np.uint8]:
    image.seek(0)  # whose frames may have been counted
    mode = {1: "L", 3: "RGB", 4: "RGBA"}[channels]
    return np.asarray(image.convert(mode)).reshape(image.height, image.width, channels)


def _broken(path: Path, found: str) -> DataError:
    return DataError(f"expected a picture at {path}, {found}: replace or remove it")
