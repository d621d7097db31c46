"""Build a model from its file in Keras's safe mode, with its configuration repaired."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py

from train.model_file.deferred import variables_deferred
from train.model_file.h5_weights import load_h5_weights
from train.model_file.initializers import without_random_weights
from train.model_file.repairs.hard_sigmoid import scale_gates
from train.model_file.weights import check_claim

if TYPE_CHECKING:
    import keras


def build_model(config: dict[str, Any], by_keras_2: bool, path: Path) -> keras.Model:
    """Build the model in a file, with its weights.

    Args:
        config: Its configuration, repaired and judged.
        by_keras_2: Whether Keras 2 wrote the file.
        path: The `.h5` or `.keras`.

    Raises:
        ModelError: If the configuration claims more weights than the file holds.
        Exception: Of many kinds, if Keras can't build it.
    """
    with variables_deferred():
        model = _model_of(config)
        check_claim(model, path)
    if path.suffix == ".keras":
        model.load_weights(path)
    else:
        with h5py.File(path) as file:
            load_h5_weights(model, config, file)
    if by_keras_2:
        scale_gates(model)
    return model


def _model_of(config: dict[str, Any]) -> keras.Model:
    import keras
    from keras.src.saving.serialization_lib import ObjectSharingScope

    with ObjectSharingScope():  # as Keras does for layers shared between models
        return keras.saving.deserialize_keras_object(without_random_weights(config), safe_mode=True)
