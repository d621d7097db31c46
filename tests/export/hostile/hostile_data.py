"""Datasets that are hostile or broken, and what is said of each."""

import io
import os
import pickle
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.export.hostile.no_files import sparse

GREY = np.zeros((12, 6, 5), np.uint8)
LABELS = np.arange(12, dtype=np.uint8) % 3
GOOD = {"x_train": GREY, "y_train": LABELS, "x_test": GREY, "y_test": LABELS}


class Bomb:
    """Makes a file if it is ever unpickled."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.canary,)


def npy(array: Any) -> bytes:
    content = io.BytesIO()
    np.save(content, array)
    return content.getvalue()


def claim(shape: object, descr: str = "|u1") -> bytes:
    """An array of which there is nothing but the header."""
    header = str({"descr": descr, "fortran_order": False, "shape": shape}).encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header


def endless_header() -> bytes:
    """A header of 100 MB, and it could be 4 GB, which NumPy reads before it says that it is too long."""
    return b"\x93NUMPY\x02\x00" + struct.pack("<I", 100_000_000) + b" " * 100_000_000


def archive(path: Path, method: int = zipfile.ZIP_STORED, **members: bytes) -> Path:
    contents = {f"{name}.npy": npy(array) for name, array in GOOD.items()}
    contents |= {f"{name}.npy": content for name, content in members.items()}
    with zipfile.ZipFile(path, "w", method) as file:
        for name, content in contents.items():
            file.writestr(name, content)
    return path


def with_member(name: str, mode: int = 0) -> Callable[[Path, Path], object]:
    def make(path: Path, _: Path) -> None:
        with zipfile.ZipFile(archive(path), "a") as file:
            member = zipfile.ZipInfo(name)
            member.external_attr = mode << 16
            file.writestr(member, "/etc/passwd")

    return make


def holding(method: int = zipfile.ZIP_STORED, **members: bytes) -> Callable[[Path, Path], object]:
    return lambda path, _: archive(path, method, **members)


def saving(**arrays: Any) -> Callable[[Path, Path], object]:
    return lambda path, _: np.savez(path, **{**GOOD, **arrays})


def unpickling(path: Path, canary: Path) -> None:
    saving(y_test=np.array([Bomb(canary)], dtype=object))(path, canary)


def large(path: Path, _: Path) -> None:
    """Each array within bounds, all of them not."""
    archive(path, x_train=claim((500_000_000, 1)), x_test=claim((500_000_000, 1)))


def renamed(path: Path, _: Path) -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a\n\x1b[31mb\u202e.npy", npy(GREY))


DAMAGED = "found a damaged one"
DATA: dict[str, tuple[Callable[[Path, Path], object], str]] = {
    "missing": (lambda path, _: None, "found no file"),
    "empty folder": (lambda path, _: path.mkdir(), "found none"),
    "empty": (lambda path, _: path.touch(), DAMAGED),
    "text": (lambda path, _: path.write_text("text"), DAMAGED),
    "bare pickle": (lambda path, canary: path.write_bytes(pickle.dumps(Bomb(canary))), DAMAGED),
    "pickled array": (unpickling, "pickles are never loaded"),
    "10^12 pictures": (holding(x_train=claim((10**12,))), "a claim of 1,000,000,000,000"),
    "minus 10^12 labels": (holding(y_train=claim((-(10**12),))), "a claim of 1,000,000,000,000"),
    "too many to count": (holding(x_test=claim((2**62, 2**62))), "a claim of"),
    "letters of 400 MB": (holding(x_train=claim((1,), "<U100000000")), "expected numbers"),
    "two large arrays": (large, "in all arrays of"),
    "header of 100 MB": (holding(zipfile.ZIP_DEFLATED, x_train=endless_header()), DAMAGED),
    "header of brackets": (holding(x_train=claim("(" * 9000)), DAMAGED),
    "bzip2": (holding(zipfile.ZIP_BZIP2, x_train=bytes(10**7)), "compressed"),
    "lzma": (holding(zipfile.ZIP_LZMA, x_train=bytes(10**7)), "compressed"),
    "member that leads out": (with_member("../../out.npy"), "leads out"),
    "absolute member": (with_member("/etc/out.npy"), "leads out"),
    "linked member": (with_member("x_val.npy", stat.S_IFLNK | 0o777), "is a link"),
    "name with an escape sequence": (renamed, "found"),
    "missing array": (lambda path, _: np.savez(path, x_train=GREY), "expected the arrays"),
    "standardized pixels": (saving(x_test=GREY - 1.5), "before any normalisation"),
    "a pixel that is no number": (
        saving(x_train=GREY + np.where(LABELS == 0, np.nan, 1)[:, None, None]),
        "NaN",
    ),
    "labels of one form to train on": (saving(y_train=np.eye(3)[LABELS]), "one form"),
    "a label that is no number": (saving(y_test=np.where(LABELS == 0, np.nan, LABELS)), "NaN"),
    "infinite label": (saving(y_test=LABELS + 1e999), "infinity"),
    "label -1": (saving(y_train=LABELS.astype(np.int8) - 1), "number the classes from 0"),
    "fewer labels": (saving(y_test=LABELS[:5]), "one for each picture"),
    "rows of 30 pixels": (saving(x_train=GREY.reshape(12, -1)), "no square"),
    "named pipe": (lambda path, _: os.mkfifo(path), "found a named pipe"),
    "link to what has no end": (lambda path, _: path.symlink_to("/dev/zero"), "found a device"),
    "1 TB of nothing": (lambda path, _: sparse(path), "more than 2,000,000,000 bytes"),
    "numbers of 4,000 digits": (holding(x_train=claim((10**4000, 10**4000))), "more than any memory holds"),
    "names of 64 kB": (
        lambda path, _: np.savez(path, x_train=GREY, y_train=np.full(12, "a" * 65_000)),
        "texts of 260,000 bytes",
    ),
    "labels of 400 MB": (holding(y_train=claim((12, 40_000_000), "<u1")), "in the labels of"),
    "records": (saving(y_train=np.zeros(12, [("a", "u1")])), "expected numbers"),
    "grey level 256": (saving(x_train=GREY.astype(np.int16) + 256), "0..255"),
}
