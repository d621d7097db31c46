"""The probability from which on a model names a digit, as an attribute of its `.h5`, which Keras ignores."""

from pathlib import Path

import h5py
import numpy as np

ATTRIBUTE = "inkproof_known_from"


def write_known_from(path: Path, probability: float) -> None:
    """Add it to a `.h5`."""
    with h5py.File(path, "r+") as file:
        file.attrs[ATTRIBUTE] = probability


def read_known_from(path: Path) -> float | None:
    """The probability in a model file that was judged, 0..1; None where there is none."""
    if not h5py.is_hdf5(path):
        return None
    with h5py.File(path) as file:
        found = file.attrs.get(ATTRIBUTE)
    known = isinstance(found, np.floating) and 0 <= found <= 1
    return float(found) if known else None
