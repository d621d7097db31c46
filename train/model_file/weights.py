"""Check an HDF5 file before it is read: no links out of the file, and no data that exceed the memory."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from train.errors import ModelError

# A classifier for a web page or a phone is far smaller; a larger claim is a mistake or an attack.
MOST_BYTES = 400_000_000


def check_weights(file: h5py.File, path: Path) -> None:
    """Refuse links, data in other files, claims of too much memory, and weights that aren't finite numbers.

    Args:
        file: The open file of weights.
        path: The model's file, for the message.

    Raises:
        ModelError: If the file is refused.
    """
    total = 0
    for item in _objects(file, path):
        check_attributes(item, path)
        if not isinstance(item, h5py.Dataset):
            continue
        total += _claim(item, path)
        if total > MOST_BYTES:
            raise ModelError(
                f"expected at most {MOST_BYTES:,} bytes of weights in {path}, found a claim of {total:,} "
                f"bytes up to {item.name}: use a smaller model"
            )
        _check_finite(item, path)


def check_attributes(item: h5py.HLObject, path: Path) -> None:
    """Refuse attributes that take too much memory.

    Strings of any length may all refer to the same data, so that only reading them shows what they take; a
    process of limited memory reads them for the first time.

    Args:
        item: The file, group or dataset that has the attributes.
        path: The model's file, for the message.

    Raises:
        ModelError: If an attribute is refused.
    """
    for index in range(h5py.h5a.get_num_attrs(item.id)):
        attribute = h5py.h5a.open(item.id, index=index)
        claim = attribute.get_space().get_simple_extent_npoints() * attribute.get_type().get_size()
        if claim <= MOST_BYTES:
            claim = sum(
                len(value) for value in np.ravel(item.attrs[attribute.name]) if isinstance(value, str)
            )
        if claim > MOST_BYTES:
            raise ModelError(
                f"expected at most {MOST_BYTES:,} bytes in an attribute of {path}, found {claim:,}: "
                "save it again with model.save()"
            )


def _objects(file: h5py.File, path: Path) -> Iterator[Any]:
    """Every group and dataset once, however many names it has."""
    waiting: list[Any] = [file]
    seen = set()
    while waiting:
        item = waiting.pop()
        address = h5py.h5o.get_info(item.id).addr
        if address in seen:
            continue
        seen.add(address)
        yield item
        if not isinstance(item, h5py.Group):
            continue
        for name in item:
            if not isinstance(item.get(name, getlink=True), h5py.HardLink):
                raise ModelError(
                    f"expected all of {path} in one file, found the link {name[:80]!r}: save it again"
                )
            waiting.append(item[name])


def _claim(item: h5py.Dataset, path: Path) -> int:
    """Number of bytes that reading the dataset takes, according to its header."""
    if item.external or item.is_virtual:
        raise ModelError(f"expected plain weights in {path}, found {item.name} in other files: save it again")
    if item.dtype.hasobject:
        raise ModelError(f"expected numbers in {path}, found {item.dtype} in {item.name}: save it again")
    chunk = math.prod(item.chunks or ()) * item.dtype.itemsize  # a chunk is always unpacked as a whole
    return max(int(item.nbytes), int(chunk))


def _check_finite(item: h5py.Dataset, path: Path) -> None:
    values = item[()]
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        raise ModelError(
            f"expected finite weights in {path}, found NaN or infinity in {item.name}: "
            "the training diverged; train again with a smaller learning rate"
        )
