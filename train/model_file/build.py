"""Build a model from its file in Keras's safe mode, with its configuration repaired."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py

from train.data.zip_archive import open_archive
from train.model_file.config import check_repaired
from train.model_file.h5_weights import load_h5_weights
from train.model_file.initializers import without_random_weights
from train.model_file.repairs.apply import repaired
from train.model_file.repairs.hard_sigmoid import scale_gates

if TYPE_CHECKING:
    import keras


def build_from_h5(path: Path) -> keras.Model:
    """Build the model in a `.h5`, with its weights.

    Raises:
        ModelError: If its configuration is refused after the repairs.
        Exception: Of many kinds, if Keras can't build it.
    """
    with h5py.File(path) as file:
        by_keras_2 = not _text(file.attrs.get("keras_version", "2")).startswith("3")
        config = repaired(json.loads(file.attrs["model_config"]), by_keras_2)
        model = _build(config, path)
        load_h5_weights(model, config, file)
    if by_keras_2:
        scale_gates(model)
    return model


def build_from_keras(path: Path) -> keras.Model:
    """Build the model in a `.keras`, with its weights.

    Raises:
        ModelError: If its configuration is refused after the repairs.
        Exception: Of many kinds, if Keras can't build it.
    """
    with open_archive(path) as archive:
        config = json.loads(archive.read("config.json"))
        metadata = json.loads(archive.read("metadata.json")) if "metadata.json" in archive.namelist() else {}
    by_keras_2 = str(metadata.get("keras_version", "3")).startswith("2")
    model = _build(repaired(config, by_keras_2), path)
    model.load_weights(path)
    if by_keras_2:
        scale_gates(model)
    return model


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _build(config: dict[str, Any], path: Path) -> keras.Model:
    import keras
    from keras.src.saving.serialization_lib import ObjectSharingScope

    check_repaired(config, path)
    with ObjectSharingScope():  # as Keras does for layers shared between models
        return keras.saving.deserialize_keras_object(without_random_weights(config), safe_mode=True)
