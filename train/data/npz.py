"""Read the pictures and labels of a dataset from an untrusted `.npz`, in the forms that people have."""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.console.text import one_line, plain
from train.data.array_names import Chosen, choose_arrays, names_of_classes
from train.data.npy_member import Member
from train.data.pixels import Scale, measure, scale_of
from train.data.splits import ARRAYS, held_out
from train.data.zip_archive import MOST_BYTES as MOST_FILE_BYTES
from train.data.zip_archive import open_archive
from train.errors import DataError
from train.input.regular_file import UnreadableError, open_regular

# Ten times the size of MNIST. A small zip may claim to unpack to more than the memory holds.
MOST_BYTES = 600_000_000
# Of labels, which are compared with others of their size; and of a single text.
MOST_LABEL_BYTES, MOST_TEXT_BYTES = 300_000_000, 4_000
NUMBERS, TEXTS = "uifb", "US"  # kinds of types, as in `numpy.dtype.kind`
# Kuzushiji-MNIST is published as `kmnist-train-imgs.npz` and so on, each with one unnamed array.
ONE_ARRAY = re.compile(r"(.*)(?:train|test)([-_])(imgs|images)\.npz")
ONLY = "arr_0.npy"
LARGEST_SHOWN = 10**40
MOST_OF_FILE = 80  # characters of a file's name
SAVE = "save its arrays with np.savez(path, x_train=..., y_train=..., x_test=..., y_test=...)"
OTHER_FILES = {
    b"\x93NUMPY": ("a single array", SAVE),
    b"\x89HDF": ("an HDF5 file", SAVE),
    b"\x1f\x8b": ("a gzip archive", f"unpack it, and {SAVE}"),
    b"<!DOCTYPE": ("a web page", "download the file itself"),
    b"<html": ("a web page", "download the file itself"),
    b"version https://git-lfs": ("a Git LFS pointer", "fetch the file with git lfs pull"),
}


@dataclass(frozen=True, slots=True)
class Arrays:
    """The arrays of a dataset.

    Attributes:
        arrays: By the names in `ARRAYS`: pictures as uint8 0..255 in any shape of two or more dimensions, and
            as many labels of any form and plain type.
        notes: What was understood, one line each.
        class_names: Texts, shape (classes,), of any length; None where the file has none.
    """

    arrays: dict[str, NDArray[Any]]
    notes: tuple[str, ...]
    class_names: NDArray[Any] | None = None


def read_npz(path: Path) -> Arrays:
    """Read the arrays of a dataset without unpickling anything.

    Args:
        path: An `.npz`. See `train.data.array_names` for the names and `train.data.pixels` for the scales
            that its arrays may have.

    Raises:
        DataError: If the file can't be read, or an array is missing, pickled, of another shape or type,
            too large, or out of range.
    """
    with _opened(path) as (members, chosen):
        pairs = [tuple(members[name] for name in pair) for pair in (chosen.train, chosen.test) if pair]
        _demand_bytes(f"all arrays of {path}", sum(_pixels(x) + _label_bytes(y) for x, y in pairs))
        _demand_bytes(f"the labels of {path}", sum(_label_bytes(y) for _, y in pairs), MOST_LABEL_BYTES)
        for pictures, labels in pairs:
            _demand_pairs(pictures, labels)
        scale = scale_of({str(pictures): measure(pictures.pieces()) for pictures, _ in pairs})
        read = [(_as_bytes(pictures, scale), labels.read()) for pictures, labels in pairs]
        class_names = _class_names(members)
    if len(read) == 1:
        read = split_pair(*read[0], chosen.test_fraction, path)
    scaled = () if scale is Scale.BYTES else (f"pixels {scale} are taken as grey levels 0..255",)
    arrays = dict(zip(ARRAYS, (array for pair in read for array in pair), strict=True))
    return Arrays(arrays, (*chosen.notes, *scaled), class_names)


def files_of(path: Path) -> list[Path]:
    """The files of a dataset that `read_npz` reads, given one of them."""
    parts = ONE_ARRAY.fullmatch(path.name)
    files = list(_four_files(path, *parts.groups()).values()) if parts else []
    return files if files and all(file.is_file() for file in files) else [path]


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Read the four arrays as they are, numbers of any shape and range, without unpickling anything.

    Raises:
        DataError: If the file can't be read, or an array is missing, pickled, too large or no numbers.
    """
    with _opened(path) as (members, chosen):
        if chosen.test is None:
            raise DataError(f"expected two splits in {path}, found one: add x_test and y_test")
        found = [members[name] for name in (*chosen.train, *chosen.test)]
        _demand_bytes(f"all arrays of {path}", sum(_bytes(member, NUMBERS) for member in found))
        return {name: member.read() for name, member in zip(ARRAYS, found, strict=True)}


@contextmanager
def _opened(path: Path) -> Iterator[tuple[dict[str, Member], Chosen]]:
    """All arrays of a dataset by name, and the choice of those that count; any damage is a DataError."""
    try:
        with ExitStack() as stack:
            archive = stack.enter_context(open_archive(path))
            names = [name for name in archive.namelist() if name.endswith(".npy")]
            if not names and (others := archive.namelist()):
                raise DataError(
                    f"expected arrays in {path}, found other files, such as "
                    f"{plain(others[0], MOST_OF_FILE)}: unpack it, and if it holds pictures in a folder for "
                    "each class, name their folder"
                )
            members = {name.removesuffix(".npy"): Member(archive, name, path) for name in names}
            if names == [ONLY] and (parts := ONE_ARRAY.fullmatch(path.name)):
                members = {
                    name: Member(stack.enter_context(open_archive(file)), ONLY, file)
                    for name, file in _four_files(path, *parts.groups()).items()
                }
            yield members, choose_arrays(members, lambda name: members[name].header.shape, path)
    except DataError:
        raise
    except UnreadableError as error:
        raise DataError(f"expected an .npz dataset at {error.path}, {error}") from None
    except Exception as error:  # zlib, zipfile, tokenize and NumPy raise many kinds; all of them mean damage
        found, remedy = _kind_of(path) or (f"a damaged one ({one_line(error)})", "fetch or write it again")
        raise DataError(f"expected a readable .npz at {path}, found {found}: {remedy}") from None


def _kind_of(path: Path) -> tuple[str, str] | None:
    """What a file is that is no archive, and what to do; None if it is anything else."""
    with suppress(OSError, UnreadableError), open_regular(path, MOST_FILE_BYTES) as file:
        beginning = file.read(max(map(len, OTHER_FILES)))
        return next((kind for start, kind in OTHER_FILES.items() if beginning.startswith(start)), None)
    return None


def _four_files(path: Path, before: str, dash: str, pictures: str) -> dict[str, Path]:
    """The files of a dataset that is published with an array in each."""
    return {
        f"{axis}_{split}": path.with_name(f"{before}{split}{dash}{word}.npz")
        for split in ("train", "test")
        for axis, word in (("x", pictures), ("y", "labels"))
    }


def _pixels(pictures: Member) -> int:
    """How many bytes the pictures take once they are grey levels; refused if they can't be pictures."""
    _bytes(pictures, NUMBERS, pictures.header.count)
    if len(pictures.header.shape) > 1 and pictures.header.shape[0] == 0:
        raise DataError(
            f"expected pictures in {pictures}, found an empty array: leave it and its labels out, and a part "
            "of the other split takes its place"
        )
    if len(pictures.header.shape) < 2 or 0 in pictures.header.shape:
        raise DataError(
            f"expected {pictures} to have the shape (images, rows, columns), with channels or in rows of "
            f"pixels, found {pictures.shape_text}: reshape it"
        )
    return pictures.header.count


def _bytes(member: Member, kinds: str, size: int | None = None) -> int:
    """How many bytes an array takes; refused by its header, before its numbers are unpacked."""
    dtype = member.header.dtype
    if dtype.hasobject:
        raise DataError(
            f"expected plain numbers in {member}, found pickled Python objects: save it with a numeric "
            "dtype, or names with .astype(str); pickles are never loaded"
        )
    if dtype.kind not in kinds:
        raise DataError(
            f"expected numbers in {member}, found {dtype}: save images as uint8 0..255 and labels as class "
            "numbers"
        )
    size = member.header.count * dtype.itemsize if size is None else size
    _demand_bytes(member, size)
    return size


def _label_bytes(labels: Member) -> int:
    """How many bytes labels take; texts take four for a letter once they are decoded."""
    size, dtype = _bytes(labels, NUMBERS + TEXTS), labels.header.dtype
    if dtype.kind in TEXTS and dtype.itemsize > MOST_TEXT_BYTES:
        raise DataError(
            f"expected names or class numbers in {labels}, found texts of {dtype.itemsize:,} bytes: "
            "save class numbers"
        )
    return 4 * size if dtype.kind == "S" else size


def _class_names(members: Mapping[str, Member]) -> NDArray[Any] | None:
    """The names of the classes, where an array has them as a row of texts."""
    member = members.get(names_of_classes(members) or "")
    if not member or member.header.dtype.kind not in TEXTS or len(member.header.shape) != 1:
        return None
    _demand_bytes(member, _label_bytes(member), MOST_LABEL_BYTES)
    return member.read()


def _demand_bytes(what: object, size: int, most: int | None = None) -> None:
    most = MOST_BYTES if most is None else most
    if size > most:
        claim = f"{size:,}" if size < LARGEST_SHOWN else "more than any memory holds"
        raise DataError(
            f"expected at most {most:,} bytes in {what}, found a claim of {claim}: use a smaller dataset"
        )


def _demand_pairs(pictures: Member, labels: Member) -> None:
    count, shape = pictures.header.shape[0], labels.header.shape
    if shape[:1] != (count,):
        raise DataError(
            f"expected {labels} to hold {count:,} labels, one for each picture, found the "
            f"shape {labels.shape_text}: pair them up"
        )


def _as_bytes(pictures: Member, scale: Scale) -> NDArray[np.uint8]:
    """Grey levels 0..255, converted piece by piece, so that wide numbers never fill the memory."""
    levels, done = np.empty(pictures.header.count, np.uint8), 0
    for piece in pictures.pieces():
        levels[done : done + len(piece)] = scale.as_bytes(piece)
        done += len(piece)
    return pictures.shaped(levels)


def split_pair(
    pictures: NDArray[np.uint8], labels: NDArray[Any], fraction: float, path: object
) -> list[tuple[NDArray[np.uint8], NDArray[Any]]]:
    """Divide the only split in two."""
    if len(labels) < 3:
        raise DataError(f"expected at least 3 pictures to split in {path}, found {len(labels)}: add more")
    train, test = held_out(len(labels), min(fraction, 1 - 2 / len(labels)))
    return [(pictures[train], labels[train]), (pictures[test], labels[test])]
