"""Check weights before they are read: no links out of the file, and no data that exceed memory or file."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

from train.errors import ModelError

if TYPE_CHECKING:
    import keras

# A classifier for a web page or a phone is far smaller; a larger claim is a mistake or an attack.
MOST_BYTES = 400_000_000
# Weights a hundred times the file are compressed, and almost all zeros: gzip leaves 93% of trained ones, an
# eighth of those of which nine of ten are pruned. Claims that any machine can hold need no file.
MOST_COMPRESSION = 100
UNQUESTIONED_BYTES = 100_000_000


def check_weights(file: h5py.File, path: Path) -> None:
    """Refuse links, data in other files, claims of too much memory, and weights that aren't finite numbers.

    Args:
        file: The open file of weights.
        path: The model's file, for the message.

    Raises:
        ModelError: If the file is refused.
    """
    total, most = 0, most_bytes(path)
    for item in _objects(file, path):
        check_attributes(item, path)
        if not isinstance(item, h5py.Dataset):
            continue
        total += _claim(item, path)
        if total > most:
            raise ModelError(
                f"expected at most {most:,} bytes of weights in {path}, found a claim of {total:,} "
                f"bytes up to {item.name}: use a smaller model"
            )
        _check_finite(item, path)


def most_bytes(path: Path) -> int:
    """How many bytes of weights a file of its size may claim."""
    return min(MOST_BYTES, max(UNQUESTIONED_BYTES, MOST_COMPRESSION * path.stat().st_size))


def check_claim(model: keras.Model, path: Path) -> None:
    """Refuse a model whose layers want more weights than its file can hold, before they take memory.

    Args:
        model: Built, its variables not yet initialized.
        path: Its file.

    Raises:
        ModelError: If it is refused.
    """
    claim, most = sum(4 * math.prod(variable.shape) for variable in model.variables), most_bytes(path)
    if claim > most:
        raise ModelError(
            f"expected at most {most:,} bytes of weights in {path}, found layers that claim {claim:,}: "
            "save the whole model again with model.save(), or use a smaller one"
        )


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
