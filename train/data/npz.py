"""Read an image dataset from an untrusted `.npz` in the layout of `keras.datasets.mnist`."""

import io
import math
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from train.console.text import one_line
from train.data.zip_archive import open_archive
from train.errors import DataError

ARRAYS = ("x_train", "y_train", "x_test", "y_test")
# Ten times the size of MNIST. A small zip may claim to unpack to more than the memory holds.
MOST_BYTES = 600_000_000
# NumPy writes 128 bytes, but reads as many as a file claims before it refuses more than this.
MOST_HEADER = 10_000


def read_npz(path: Path) -> dict[str, NDArray[np.uint8]]:
    """Read the four arrays of a dataset without unpickling anything.

    Args:
        path: An `.npz` with `x_train`, `x_test` (images, rows, columns[, channels]; whole numbers 0..255)
            and `y_train`, `y_test` (images,; class numbers from 0).

    Returns:
        The arrays by name, as uint8: images of shape (n, rows, columns, channels), labels of shape (n,).

    Raises:
        DataError: If the file can't be read, or an array is missing, pickled, of another shape or type,
            too large, or out of range.
    """
    found = read_arrays(path, kinds="ui")
    for half in ("train", "test"):
        images, labels = found[f"x_{half}"], found[f"y_{half}"]
        found[f"x_{half}"] = _checked_images(images, half, path)
        found[f"y_{half}"] = _checked_labels(labels, len(images), half, path)
    if found["x_train"].shape[1:] != found["x_test"].shape[1:]:
        raise DataError(
            f"expected x_train and x_test of {path} to hold pictures of one shape, found "
            f"{found['x_train'].shape[1:]} and {found['x_test'].shape[1:]}: bring them to one size"
        )
    return found


def read_arrays(path: Path, kinds: str = "uifb") -> dict[str, NDArray[Any]]:
    """Read the four arrays with any shapes and ranges, without unpickling anything.

    Args:
        path: An `.npz` with `x_train`, `y_train`, `x_test` and `y_test`.
        kinds: The kinds of numbers that are accepted, as in `numpy.dtype.kind`.

    Raises:
        DataError: If the file can't be read, or an array is missing, pickled, too large or of another kind.
    """
    try:
        with open_archive(path) as archive:
            size = sum(_check_header(archive, name, path, kinds) for name in ARRAYS)
        if size > MOST_BYTES:
            raise DataError(
                f"expected at most {MOST_BYTES:,} bytes in {path}, found a claim of {size:,} in all: "
                "use a smaller dataset"
            )
        with np.load(path, allow_pickle=False) as arrays:
            # By full name, because NumPy prefers an unchecked member `x_train` without .npy.
            return {name: arrays[f"{name}.npy"] for name in ARRAYS}
    except FileNotFoundError:
        raise DataError(f"expected an .npz dataset at {path}, found no file: check the path") from None
    except DataError:
        raise
    except Exception as error:  # zlib, zipfile, tokenize and NumPy raise many kinds; all of them mean damage
        raise DataError(
            f"expected a readable .npz at {path}, found a damaged one ({one_line(error)}): "
            "fetch or write it again"
        ) from None


def _check_header(archive: zipfile.ZipFile, name: str, path: Path, kinds: str) -> int:
    """Refuse an array by its header, before its numbers are unpacked; return its size in bytes."""
    members = archive.namelist()
    if f"{name}.npy" not in members:
        names = ", ".join(sorted(Path(member).stem for member in members)) or "nothing"
        raise DataError(
            f"expected the arrays {', '.join(ARRAYS)} in {path}, found {names[:200]}: "
            "save them under those names, as keras.datasets.mnist does"
        )
    with archive.open(f"{name}.npy") as member:
        beginning = io.BytesIO(member.read(MOST_HEADER))
    version = npy.read_magic(beginning)  # type: ignore[no-untyped-call]
    read_header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, _, dtype = read_header(beginning)  # type: ignore[no-untyped-call]
    if dtype.hasobject:
        raise DataError(
            f"expected plain numbers in {name} of {path}, found pickled Python objects: "
            "save the array with a numeric dtype; pickles are never loaded"
        )
    if dtype.kind not in kinds and name.startswith("y") and len(shape) == 2:
        raise DataError(
            f"expected class numbers in {name} of {path}, shape ({shape[0]},), found what looks like one-hot "
            f"rows, {shape} of {dtype}: save {name}.argmax(axis=1)"
        )
    if dtype.kind not in kinds:
        raise DataError(
            f"expected whole numbers in {name} of {path}, found {dtype}: "
            "save images as uint8 0..255 and labels as class numbers"
        )
    size = abs(int(np.prod(shape, dtype=object))) * int(dtype.itemsize)
    if size > MOST_BYTES:
        raise DataError(
            f"expected at most {MOST_BYTES:,} bytes in {name} of {path}, found a claim of {size:,}: "
            "use a smaller dataset"
        )
    return size


def _checked_images(images: NDArray[np.integer[Any]], half: str, path: Path) -> NDArray[np.uint8]:
    if images.ndim == 3:
        images = images[..., None]
    if images.ndim != 4 or 0 in images.shape:
        raise DataError(
            f"expected x_{half} of {path} to have the shape (images, rows, columns) or "
            f"(images, rows, columns, channels), found {images.shape}: {_remedy(images.shape)}"
        )
    return _as_bytes(images, f"grey levels 0..255 in x_{half} of {path}", "scale them to a byte")


def _remedy(shape: tuple[int, ...]) -> str:
    """The remedy for pictures of this shape, which often are the rows of pixels of a course's MLP."""
    side = math.isqrt(shape[1]) if len(shape) == 2 else 0
    if side and side * side == shape[1]:
        return f"reshape it to (-1, {side}, {side}), because the model flattens it"
    return "reshape it"


def _checked_labels(labels: NDArray[np.integer[Any]], count: int, half: str, path: Path) -> NDArray[np.uint8]:
    if labels.shape != (count,):
        remedy = f"undo one-hot coding with y_{half}.argmax(axis=1)" if labels.ndim == 2 else "pair them up"
        raise DataError(
            f"expected y_{half} of {path} to have the shape ({count},), one class number for each picture, "
            f"found {labels.shape}: {remedy}"
        )
    return _as_bytes(labels, f"class numbers 0..255 in y_{half} of {path}", "number the classes from 0")


def _as_bytes(array: NDArray[np.integer[Any]], what: str, remedy: str) -> NDArray[np.uint8]:
    if array.min() < 0 or array.max() > 255:
        raise DataError(f"expected {what}, found {array.min()}..{array.max()}: {remedy}")
    return array.astype(np.uint8, copy=False)
