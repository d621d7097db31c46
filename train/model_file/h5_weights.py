"""Read the weights of a `.h5`, whose order is that of the layers in its configuration.

Keras 3 reads them in the order in which it has built the model; that differs where a layer inside a model is
frozen, whose weights come last in the file (legacy/saving/legacy_h5_format.py, `_legacy_weights`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

if TYPE_CHECKING:
    import keras

Variables = tuple[list[Any], list[Any]]  # those that a layer trains, and the rest


def load_h5_weights(model: keras.Model, config: dict[str, Any], file: h5py.File) -> None:
    """Give a model its weights.

    Args:
        model: Built from the configuration.
        config: The model's configuration as it was repaired: its layers in the order of the file.
        file: The whole model's open `.h5`.

    Raises:
        ValueError: If the weights don't fit the layers.
    """
    group = file["model_weights"]
    layers = [trainable + rest for trainable, rest in _weights_of_layers(model, config) if trainable + rest]
    saved = [name for name in _strings(group, "layer_names") if _strings(group[name], "weight_names")]
    if len(saved) != len(layers):
        raise ValueError(f"{len(saved)} layers have weights in the file, {len(layers)} in its configuration")
    for name, variables in zip(saved, layers, strict=True):
        weights = _strings(group[name], "weight_names")
        if len(weights) != len(variables):
            raise ValueError(f"layer {name} has {len(weights)} weights, its configuration {len(variables)}")
        for weight, variable in zip(weights, variables, strict=True):
            variable.assign(np.asarray(group[name][weight]))  # raises if its shape is another
    for layer in model._flatten_layers(include_self=False):
        if hasattr(layer, "finalize_state"):  # Normalization computes with its weights' inverse
            layer.finalize_state()


def _weights_of_layers(model: keras.Model, config: dict[str, Any]) -> list[Variables]:
    layers = {layer.name: layer for layer in model._flatten_layers(include_self=False, recursive=False)}
    entries = [entry for entry in config["config"]["layers"] if entry["config"]["name"] in layers]
    return [_weights(layers[entry["config"]["name"]], entry) for entry in entries]


def _weights(layer: keras.Layer, config: dict[str, Any]) -> Variables:
    if "layers" not in config["config"]:
        return list(layer.trainable_weights), list(layer.non_trainable_weights)
    parts = _weights_of_layers(layer, config)
    trainable = [variable for part, _ in parts for variable in part]
    rest = [variable for _, part in parts for variable in part]
    return (trainable, rest) if layer.trainable else ([], trainable + rest)


def _strings(group: h5py.Group, name: str) -> list[str]:
    """The strings of an attribute, which may be in pieces: HDF5 limits the length of one."""
    pieces = [name] if name in group.attrs else []
    while f"{name}{len(pieces)}" in group.attrs:
        pieces.append(f"{name}{len(pieces)}")
    found = [item for piece in pieces for item in group.attrs[piece]]
    return [item.decode() if isinstance(item, bytes) else str(item) for item in found]
