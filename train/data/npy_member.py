"""An array of an untrusted `.npz`: its header first, its numbers piece by piece, and never a pickle."""

import io
import math
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from train.console.text import plain

# NumPy writes 128 bytes, but reads as many as a file claims before it refuses more than this.
MOST_HEADER = 10_000
PIECE = 1 << 22  # bytes
MOST_SHOWN = 80  # characters of a name or a shape


@dataclass(frozen=True, slots=True)
class Header:
    """What an array claims to be.

    Attributes:
        shape: Its shape.
        dtype: Its type.
        order: `F` if its first dimension varies fastest, otherwise `C`.
        length: Of the header, in bytes.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    order: str
    length: int

    @property
    def count(self) -> int:
        """How many numbers or texts it claims to hold."""
        return abs(math.prod(self.shape))


@dataclass(frozen=True)
class Member:
    """An array of an archive.

    Reading it raises errors of many kinds, from `zipfile`, `zlib`, `tokenize` and NumPy; all of them mean
    damage.

    Attributes:
        archive: The `.npz`, open.
        name: Its name there, with `.npy`.
        path: The archive's path.
    """

    archive: zipfile.ZipFile
    name: str
    path: Path

    def __str__(self) -> str:
        """For messages."""
        return f"{plain(self.name.removesuffix('.npy'), MOST_SHOWN)} of {self.path}"

    @property
    def shape_text(self) -> str:
        """Its shape, for messages."""
        return plain(str(self.header.shape), MOST_SHOWN)

    @cached_property
    def header(self) -> Header:
        """What it claims to be; nothing else of it is read."""
        with self.archive.open(self.name) as file:
            beginning = io.BytesIO(file.read(MOST_HEADER))
        version = npy.read_magic(beginning)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about headers of Python 2
            shape, fortran_order, dtype = read(beginning)
        return Header(shape, dtype, "F" if fortran_order else "C", beginning.tell())

    def pieces(self) -> Iterator[NDArray[Any]]:
        """Its numbers, a few megabytes at a time, as arrays of shape (n,) in the order of the file."""
        size = self.header.dtype.itemsize
        if min(self.header.shape, default=0) < 0 or self.header.dtype.hasobject or not size:
            raise ValueError(f"{self.name} claims the shape {self.header.shape} of {self.header.dtype}")
        left = self.header.count * size
        with self.archive.open(self.name) as file:
            file.read(self.header.length)
            while left:
                piece = file.read(min(left, max(PIECE // size, 1) * size))
                if not piece or len(piece) % size:
                    raise ValueError(f"{self.name} ends before its last number")
                left -= len(piece)
                yield np.frombuffer(piece, self.header.dtype)
            file.read(1)  # at the end of a member its checksum is compared

    def shaped(self, flat: NDArray[Any]) -> NDArray[Any]:
        """An array of shape (n,), in the order of the file, in the array's shape."""
        return flat.reshape(self.header.shape, order=self.header.order)  # type: ignore[call-overload, no-any-return]

    def read(self) -> NDArray[Any]:
        """The array as it is."""
        flat, done = np.empty(self.header.count, self.header.dtype), 0
        for piece in self.pieces():
            flat[done : done + len(piece)] = piece
            done += len(piece)
        return self.shaped(flat)
