"""Find the pictures of a folder that has one folder for each class, as image_dataset_from_directory does."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from train.console.text import plain
from train.data.array_names import OF_TEST, OF_WHOLE, SPLITS, TEST, TRAIN, VALIDATION
from train.data.folder_files import files_below, folders_in
from train.data.label_forms import MOST_CLASSES
from train.errors import DataError
from train.input.regular_file import UnreadableError, open_regular

# `keras.src.utils.image_dataset_utils.ALLOWLIST_FORMATS`, and WebP.
SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".webp")
NO_CLASSES = {"__MACOSX"}  # zip programs of Macs leave it
MOST_OF_NAMES, MOST_OF_PATH = 60, 300  # characters
MOST_FILE_BYTES = 200_000_000  # of a picture


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's file.

    Attributes:
        path: Its path.
        label: Number of its class.
    """

    path: Path
    label: int


@dataclass(frozen=True, slots=True)
class Index:
    """The pictures of a folder.

    Attributes:
        train: Those to train on, or all, sorted by class and name.
        test: Those to test with; None if there is one split only.
        test_fraction: The fraction of a single split that becomes the test split.
        names: Names of the classes, sorted.
        notes: What was understood, one line each.
    """

    train: Sequence[Picture]
    test: Sequence[Picture] | None
    test_fraction: float
    names: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def pictures(self) -> list[Picture]:
        """All of them."""
        return [*self.train, *(self.test or ())]


def index_folder(folder: Path) -> Index:
    """Find the pictures of a folder, in `class/` or in `train/class/` and `test/class/`.

    Links to files are followed, links to folders within a class are not, and what is hidden doesn't count.

    Raises:
        DataError: If it can't be read, or has no two classes with pictures.
    """
    try:
        parts, unsorted = _split_folders(folder)
        left_out = tuple(f"not used: {name}, whose pictures have no class" for name in unsorted)
        if not parts:
            names = _class_names(folder)
            return _one_split(folder, names, OF_WHOLE)
        if len(parts) == 1:
            [(split, part)] = parts.items()
            return _one_split(part, _class_names(part), OF_WHOLE if split == TRAIN else OF_TEST, left_out)
        train = parts.get(TRAIN) or parts[VALIDATION]
        test = parts.get(TEST) or parts[VALIDATION]
        names = _class_names(train)
        if extra := sorted(set(_subfolders(test)) - set(names)):
            raise DataError(
                f"expected the classes of {train} in {test}, found '{plain(extra[0])}': "
                "give both the same folders, because they number the classes"
            )
        unused = [part.name for part in parts.values() if part not in (train, test)]
        notes = (*_named(names), *((f"not used: {', '.join(unused)}",) if unused else ()), *left_out)
        return Index(_pictures(train, names), _pictures(test, names, classes=1), OF_WHOLE, names, notes)
    except OSError as error:
        unread = plain(str(error.filename or folder), MOST_OF_PATH)
        raise DataError(
            f"expected a readable folder at {unread}, can't read it ({error.strerror}): check it"
        ) from None


def folder_sha256(folder: Path) -> str:
    """SHA-256 over the names and contents of a folder's pictures.

    Empty if one can't be read, or there are none, which is reported when the folder is used.
    """
    try:
        pictures = index_folder(folder).pictures
        with ThreadPoolExecutor() as pool:
            digests = list(pool.map(_file_digest, pictures))
    except (OSError, UnreadableError, DataError):
        return ""
    return combined_sha256(folder, pictures, digests)


def combined_sha256(folder: Path, pictures: Iterable[Picture], digests: Iterable[bytes]) -> str:
    """SHA-256 over the names of pictures, relative to their folder, and the SHA-256 of each one's content."""
    lines = (
        os.fsencode(picture.path.relative_to(folder).as_posix()) + b"\0" + digest
        for picture, digest in zip(pictures, digests, strict=True)
    )
    return hashlib.sha256(b"".join(sorted(lines))).hexdigest()


def _file_digest(picture: Picture) -> bytes:
    with open_regular(picture.path, MOST_FILE_BYTES) as file:
        return hashlib.file_digest(file, "sha256").digest()


def _one_split(
    folder: Path, names: tuple[str, ...], fraction: float, left_out: tuple[str, ...] = ()
) -> Index:
    note = f"one split only: {fraction:.0%} of the pictures, chosen at random, are the test split"
    return Index(_pictures(folder, names), None, fraction, names, (*_named(names), note, *left_out))


def _named(names: tuple[str, ...]) -> tuple[str, ...]:
    listed = plain(", ".join(names), MOST_OF_NAMES)
    return (f"{len(names):,} classes, named by their folders: {listed}",)


def _split_folders(folder: Path) -> tuple[dict[str, Path], list[str]]:
    """The folders that are splits, if no other is there, or they are the known ones.

    Returns:
        Those with folders of classes, by split, and the names of those without.
    """
    found: dict[str, Path] = {}
    unsorted: list[str] = []
    names = _subfolders(folder)
    for split in (TRAIN, TEST, VALIDATION):
        for name in (name for name in names if name.lower() in SPLITS[split]):
            if _subfolders(folder / name):
                found.setdefault(split, folder / name)
            else:
                unsorted.append(name)
    if 1 < len(unsorted) == len(names):
        raise DataError(
            f"expected a folder for each class in {folder / unsorted[0]}, found none: put the pictures of "
            "each class into a folder of its own"
        )
    splits = len(found) + len(unsorted)
    return (found, unsorted) if splits == len(names) or (TRAIN in found and splits > 1) else ({}, [])


def _subfolders(folder: Path) -> list[str]:
    """Names of the folders in a folder, sorted as Keras sorts them."""
    return [name for name in folders_in(folder) if not name.startswith(".") and name not in NO_CLASSES]


def _class_names(folder: Path) -> tuple[str, ...]:
    names = _subfolders(folder)
    if len(names) < 2:
        inside = f"one folder, '{plain(names[0])}'" if names else "none"
        remedy = (
            f"name {folder / names[0]}" if names and len(_subfolders(folder / names[0])) > 1 else "add more"
        )
        raise DataError(
            f"expected a folder for each of two or more classes in {folder}, found {inside}: {remedy}"
        )
    if len(names) > MOST_CLASSES:
        raise DataError(
            f"expected at most {MOST_CLASSES:,} folders in {folder}, found {len(names):,}: use fewer"
        )
    return tuple(names)


def _pictures(folder: Path, names: Sequence[str], classes: int = 2) -> list[Picture]:
    """The pictures of all classes, at least `classes` of them, those in folders within them, too."""
    found = [
        Picture(Path(inner, name), label)
        for label, files in enumerate(files_below(folder, names))
        for inner, name in files
        if name.lower().endswith(SUFFIXES) and not name.startswith(".")
    ]
    if len({picture.label for picture in found}) < classes:
        raise DataError(
            f"expected pictures ({', '.join(SUFFIXES)}) in {classes} or more folders of {folder}, found "
            f"{len(found):,} in all: put those of each class into a folder of its own"
        )
    return found
