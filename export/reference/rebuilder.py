"""Run through a model's graph and build it again, layer by layer: flat, in one dtype, under plain names."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Set
from typing import TYPE_CHECKING, Any

import numpy as np

from train.model_file.initializers import without_random_weights

if TYPE_CHECKING:
    import keras

# These return what they are given, unless the model is being trained; so do all augmentation layers but those
# in `ACTIVE`, which crop the middle then.
IDLE = {
    *("ActivityRegularization", "Identity", "Dropout", "SpatialDropout1D", "SpatialDropout2D"),
    *("SpatialDropout3D", "AlphaDropout", "GaussianDropout", "GaussianNoise"),
    *("AugMix", "CutMix", "MixUp", "RandAugment"),
}
ACTIVE = {"RandomCrop"}
# A longer loop stays a loop: unrolled, the graph holds every step.
MOST_STEPS = 512


class Rebuilder:
    """Builds models again from copies of their layers; a layer that is called twice is copied once."""

    def __init__(self, dtype: str, taken: Set[str]) -> None:
        """Copy nothing yet.

        Args:
            dtype: Of the copies.
            taken: Names that no copy may have.
        """
        self._dtype, self._names = dtype, set(taken)
        self._copies: dict[int, Callable[..., Any]] = {}

    def run(self, model: keras.Model, inputs: Any) -> Any:
        """Build a model again on other inputs, and the models within it.

        Args:
            model: A functional or sequential model; any other is called as it is.
            inputs: Symbolic tensors, as the model takes them.
        """
        from keras.src.models import Functional

        graph = getattr(model, "_functional", None) or model  # of a sequential model
        if not isinstance(graph, Functional):
            return model(inputs, training=False)
        return graph._run_through_graph(inputs, operation_fn=self._rebuilt)

    def _rebuilt(self, operation: keras.Operation) -> Callable[..., Any]:
        """A function to call in the place of a layer, a model, or an operation such as `x / 255`."""
        import keras

        def call(*given: Any, **options: Any) -> Any:
            options.pop("training", None)
            if isinstance(operation, keras.Model):
                return self.run(operation, *given)
            if isinstance(operation, keras.layers.Pipeline):
                (image,) = given
                for layer in operation.layers:
                    image = self._rebuilt(layer)(image)
                return image
            if _is_idle(operation):
                return given[0]
            if isinstance(operation, keras.layers.SpectralNormalization):  # it changes its layer in training
                return self._rebuilt(operation.layer)(*given, **options)
            if not isinstance(operation, keras.Layer):
                return self._operation(operation)(*given, **options)
            if not _is_of_keras(operation):
                return operation(*given, **options)
            return self._layer(operation, given[0])(*given, **options)

        return call

    def _layer(self, layer: keras.Layer, given: Any) -> Callable[..., Any]:
        if known := self._copies.get(id(layer)):
            return known
        steps = given.shape[1] if hasattr(given, "shape") and len(given.shape) > 1 else None
        unrolled = bool(steps and steps <= MOST_STEPS)
        config = _changed(without_random_weights(layer.get_config()), self._dtype, unrolled=unrolled)
        copied = type(layer).from_config({**config, "name": self._plain_name(layer)})

        def call(*given: Any, **options: Any) -> Any:
            outputs = copied(*given, **options)
            weights = [np.asarray(weight, np.dtype(self._dtype)) for weight in layer.get_weights()]
            copied.set_weights(weights)
            if hasattr(copied, "finalize_state"):  # Normalization computes with copies of its weights
                copied.finalize_state()
            self._copies[id(layer)] = copied
            return outputs

        return call

    def _operation(self, operation: keras.Operation) -> keras.Operation:
        copied = copy.copy(operation)
        copied.name = self._plain_name(operation)
        copied._inbound_nodes, copied._outbound_nodes = [], []
        if type(operation).__name__ == "Cast" and "float" in operation.dtype:
            copied.dtype = self._dtype
        return copied

    def _plain_name(self, operation: keras.Operation) -> str:
        """Its own name where every converter takes that, else one from the same letters; never one twice."""
        plain = re.sub(r"[^A-Za-z0-9_]+", "_", operation.name).strip("_")
        plain = plain or type(operation).__name__.lower()
        name, number = plain, 1
        while name in self._names:
            name, number = f"{plain}_{number}", number + 1
        self._names.add(name)
        return name


def _is_of_keras(layer: keras.Layer) -> bool:
    """Whether a layer can be built again from its configuration; a caller's own can be anything."""
    return type(layer).__module__.startswith("keras.") and type(layer).__name__ != "Lambda"


def _is_idle(operation: keras.Operation) -> bool:
    """Whether an operation returns what it is given, unless the model is being trained."""
    from keras.src.layers.preprocessing.image_preprocessing.base_image_preprocessing_layer import (
        BaseImagePreprocessingLayer,
    )

    name = type(operation).__name__
    augments = isinstance(operation, BaseImagePreprocessingLayer) and name.startswith("Random")
    return name in IDLE or (augments and name not in ACTIVE)


def _changed(config: Any, dtype: str, *, unrolled: bool) -> Any:
    """A layer's configuration, and those of the layers in it, in another dtype and without loops."""
    if isinstance(config, list):
        return [_changed(item, dtype, unrolled=unrolled) for item in config]
    if not isinstance(config, dict):
        return config
    if "DTypePolicy" in str(config.get("class_name")):
        return dtype
    changed = {key: _changed(value, dtype, unrolled=unrolled) for key, value in config.items()}
    if isinstance(changed.get("dtype"), str):
        changed["dtype"] = dtype
    if "unroll" in changed:
        changed |= {"unroll": unrolled, "stateful": False}
    return changed
