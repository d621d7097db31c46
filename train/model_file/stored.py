"""Read what a model file says of the model: its configuration, and which Keras wrote it."""

import json
import zipfile
from pathlib import Path
from typing import NamedTuple

import h5py

from train.data.zip_archive import open_archive


class Stored(NamedTuple):
    """A configuration as JSON, and whether Keras 2 wrote it."""

    config: str | bytes
    by_keras_2: bool


def read_stored(path: Path) -> Stored:
    """What a `.h5` or `.keras` says of the model.

    Raises:
        Exception: Of many kinds, if the file is damaged.
    """
    if path.suffix == ".keras":
        with open_archive(path) as archive:
            return stored_in_archive(archive)
    with h5py.File(path) as file:
        return stored_in_h5(file)


def stored_in_h5(file: h5py.File) -> Stored:
    """What an open `.h5` of a whole model says of it."""
    by_version = _text(file.attrs.get("keras_version", "2"))
    return Stored(file.attrs["model_config"], not by_version.startswith("3"))


def stored_in_archive(archive: zipfile.ZipFile) -> Stored:
    """What an open `.keras` says of the model."""
    metadata = json.loads(archive.read("metadata.json")) if "metadata.json" in archive.namelist() else {}
    return Stored(archive.read("config.json"), str(metadata.get("keras_version", "3")).startswith("2"))


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
