"""What `python -m train` has noted of a model's training, where it is this model's."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.input.regular_file import UnreadableError, read_regular

SUMMARY = "summary.txt"
MODELS = ("best.keras", "last.keras")
WEIGHTS = "model.weights.h5"  # in a `.keras`
PARTS = ("settings", "dataset", "figures")  # of the summary
MOST_BYTES = 2_000_000_000  # of a model, and of its weights when unpacked
MOST_SUMMARY = 1_000_000


def training_facts(folder: Path, weights: Sequence[NDArray[Any]]) -> dict[str, dict[str, str]] | None:
    """The settings, the dataset and the figures of a training, by name.

    Args:
        folder: `training/` in the output folder.
        weights: Of the reference model: another model may have been trained there.

    Returns:
        None where there is no training, or it is another model's.
    """
    try:
        if not any(_holds(read_regular(folder / name, MOST_BYTES), weights) for name in MODELS):
            return None
        text = read_regular(folder / SUMMARY, MOST_SUMMARY).decode()
    except (UnreadableError, UnicodeDecodeError):
        return None
    facts = {part: _facts(text, part) for part in PARTS}
    return facts if all(facts.values()) else None


def _holds(model: bytes, weights: Sequence[NDArray[Any]]) -> bool:
    """Whether a `.keras` has all of these weights."""
    import h5py

    try:
        with zipfile.ZipFile(io.BytesIO(model)) as archive:
            if archive.getinfo(WEIGHTS).file_size > MOST_BYTES:
                return False
            content = archive.read(WEIGHTS)
        found: list[NDArray[Any]] = []
        with h5py.File(io.BytesIO(content)) as file:
            file.visititems(
                lambda _, item: found.append(item[()]) if isinstance(item, h5py.Dataset) else None
            )
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return False
    return _digests(weights) <= _digests(found)


def _digests(weights: Iterable[NDArray[Any]]) -> set[str]:
    return {hashlib.sha256(np.ascontiguousarray(one).tobytes()).hexdigest() for one in weights}


def _facts(text: str, part: str) -> dict[str, str]:
    """The indented lines under a heading."""
    found = re.search(rf"^{part}\n((?:  \S.*\n)+)", text, re.MULTILINE)
    rows = re.findall(r"^  (\S.*?) {2,}(\S.*)$", found[1], re.MULTILINE) if found else []
    return dict(rows)
