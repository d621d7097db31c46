"""A layers model of TensorFlow.js as it grows: layers by name, the nodes that connect them, their weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    import keras


class LackingError(Exception):
    """TensorFlow.js has no equal of a layer; the message says of what, behind `TensorFlow.js `."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """What a layer gives when it is called.

    Attributes:
        layer: Its name.
        node: Which of its calls, counted from 0.
        shape: Without the batch.
    """

    layer: str
    node: int
    shape: tuple[int, ...]

    @property
    def is_sequence(self) -> bool:
        """Whether it is a sequence of vectors."""
        return len(self.shape) == 2


@dataclass(slots=True)
class LayersGraph:
    """The layers by name, each `{class_name, config, inbound_nodes}`, and the weights as `layer/weight`."""

    layers: dict[str, dict[str, Any]] = field(default_factory=dict)
    weights: dict[str, NDArray[np.float32]] = field(default_factory=dict)

    def call(
        self,
        name: str,
        class_name: str,
        config: dict[str, Any],
        inputs: Sequence[Tensor],
        shape: Sequence[int],
        weights: dict[str, ArrayLike] | None = None,
    ) -> Tensor:
        """Call the layer of that name, which is made if there is none yet."""
        layer = self.layers.setdefault(
            name,
            {"class_name": class_name, "name": name, "config": {"name": name, **config}, "inbound_nodes": []},
        )
        for weight, values in (weights or {}).items():
            self.weights[f"{name}/{weight}"] = np.asarray(values, np.float32)
        node = [[given.layer, given.node, 0, {}] for given in inputs]
        layer["inbound_nodes"].append(node)
        return Tensor(name, max(len(layer["inbound_nodes"]) - 1, 0), tuple(shape))


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a Keras layer or operation that is to be translated.

    Attributes:
        graph: Where its layers go.
        operation: What is called.
        name: Of its first layer; each further one's begins with it.
        inputs: The tensors that it is called with.
        arguments: All that it is called with, tensors and constants, in order.
        shape: Of its result, without the batch.
    """

    graph: LayersGraph
    operation: keras.Operation
    name: str
    inputs: tuple[Tensor, ...]
    arguments: tuple[Any, ...]
    shape: tuple[int, ...]

    @property
    def input(self) -> Tensor:
        """The only tensor. Raises LackingError if there are several."""
        if len(self.inputs) != 1:
            raise LackingError(f"calls no {type(self.operation).__name__} with {len(self.inputs)} tensors")
        return self.inputs[0]

    def add(
        self,
        part: str,
        class_name: str,
        config: dict[str, Any],
        inputs: Tensor | Sequence[Tensor],
        shape: Sequence[int] | None = None,
        weights: dict[str, ArrayLike] | None = None,
    ) -> Tensor:
        """Call one of the layers that this call is made of: the `part`, of which the first is nameless.

        Args:
            part: What it does, to tell its name from the others'.
            class_name: As TensorFlow.js knows it.
            config: Its arguments, in the words of Keras 2.
            inputs: What it is called with.
            shape: Of its result; None for that of its input.
            weights: Its weights by name.
        """
        given = [inputs] if isinstance(inputs, Tensor) else inputs
        name = f"{self.name}-{part}" if part else self.name
        return self.graph.call(
            name, class_name, config, given, given[0].shape if shape is None else shape, weights
        )

    def affine(self, part: str, x: Tensor, scale: ArrayLike = 1, offset: ArrayLike = 0) -> Tensor:
        """`scale * x + offset`, each one number, or one a channel. Raises LackingError for other shapes."""
        factors, terms = (np.squeeze(np.asarray(values, np.float64)) for values in (scale, offset))
        if factors.ndim == terms.ndim == 0:
            return self.add(part, "Rescaling", {"scale": float(factors), "offset": float(terms)}, x)
        channels = x.shape[-1]
        if any(values.shape not in ((), (channels,)) for values in (factors, terms)):
            raise LackingError("scales and shifts channels alone, not each place by a constant of its own")
        return self.normalize(part, x, np.zeros(channels), np.ones(channels), factors, terms)

    def normalize(
        self, part: str, x: Tensor, mean: ArrayLike, variance: ArrayLike, scale: ArrayLike, offset: ArrayLike
    ) -> Tensor:
        """`(x - mean) / sqrt(variance) * scale + offset`, by channel, as a BatchNormalization."""
        weights = {"gamma": scale, "beta": offset, "moving_mean": mean, "moving_variance": variance}
        filled: dict[str, ArrayLike] = {
            name: np.broadcast_to(values, (x.shape[-1],)) for name, values in weights.items()
        }
        return self.add(part, "BatchNormalization", {"axis": -1, "epsilon": 0}, x, weights=filled)

    def reshape(self, part: str, x: Tensor, shape: Sequence[int]) -> Tensor:
        """The same values in another shape."""
        return self.add(part, "Reshape", {"target_shape": list(shape)}, x, shape)

    def permute(self, part: str, x: Tensor, order: Sequence[int]) -> Tensor:
        """The axes, which count from 1 behind the batch, in another order."""
        shape = [x.shape[axis - 1] for axis in order]
        return self.add(part, "Permute", {"dims": list(order)}, x, shape)

    def relu(self, part: str, x: Tensor, most: float | None = None) -> Tensor:
        """`x` between 0 and `most`."""
        return self.add(part, "ReLU", {"max_value": most}, x)

    def at_most(self, part: str, x: Tensor, most: float) -> Tensor:
        """`min(x, most)`, as `most - relu(most - x)`."""
        less = self.affine(f"{part}-below", x, -1, most)
        return self.affine(f"{part}-most", self.relu(f"{part}-positive", less), -1, most)

    def sum(self, part: str, *terms: Tensor) -> Tensor:
        """Their sum."""
        return self.add(part, "Add", {}, terms)


def along_last(call: Call, x: Tensor, axis: int, translate: Callable[[Tensor], Tensor]) -> Tensor:
    """Have one axis, counted with the batch, last while it is computed along, then back in its place."""
    last = len(x.shape)
    axis %= last + 1
    if axis == last:
        return translate(x)
    order = [*(number for number in range(1, last + 1) if number != axis), axis]
    computed = translate(call.permute("turned", x, order))
    return call.permute("back", computed, [order.index(number) + 1 for number in range(1, last + 1)])


def picked(layer: Any, *arguments: str) -> dict[str, Any]:
    """Some of a layer's arguments."""
    config = layer.get_config()
    return {argument: config[argument] for argument in arguments}


Translate = Callable[[Call], Tensor]
