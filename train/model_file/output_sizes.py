"""What the layers of a model make of one picture: it limits the model, and how many pictures it runs on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from train.errors import ModelError
from train.model_file.config_values import MOST_NUMBERS

if TYPE_CHECKING:
    import keras

MOST_BATCH = 500
# Of the largest layer's output for a batch. A few such outputs are held at a time.
MOST_BYTES = 100_000_000
# Of all layers that are unrolled: TensorFlow traces each, for seconds by the hundred.
MOST_STEPS = 1000
# Attention weighs each place by each other: a picture of 384 x 384 in patches of 16 has four million weights.
MOST_WEIGHED = 10 * MOST_NUMBERS


class Made(NamedTuple):
    """What a layer makes of one picture: its name, the sides, and whether it puts that out."""

    name: str
    sides: tuple[int | None, ...]
    put_out: bool = True

    @property
    def numbers(self) -> int:
        """How many they are; sides that aren't known count as 1."""
        return math.prod(side for side in self.sides if side)


def check_sizes(model: keras.Model, path: Path) -> None:
    """Refuse a model of which a layer's output for one picture exceeds the memory, in models inside it, too.

    Args:
        model: The model.
        path: Its file, for the message.

    Raises:
        ModelError: If an output is too large, or layers are unrolled over too many steps.
    """
    steps = sum(map(_unrolled_steps, set(_operations(model))))
    if steps > MOST_STEPS:
        raise ModelError(
            f"expected at most {MOST_STEPS:,} steps of unrolled layers in {path}, found {steps:,}: "
            "build them with unroll=False"
        )
    for made in made_of_a_picture(model):
        most = MOST_NUMBERS if made.put_out else MOST_WEIGHED
        if made.numbers > most:
            raise ModelError(
                f"expected layers of at most {most:,} numbers for a picture in {path}, "
                f"found {made.sides} from {made.name}: use smaller ones"
            )


def _unrolled_steps(operation: keras.Operation) -> int:
    """How many steps are unrolled in all calls of a layer; the layers of a model have their own."""
    import keras

    parts = []
    if isinstance(operation, keras.Layer) and not isinstance(operation, keras.Model):
        parts = operation._flatten_layers()  # itself and those that it is made of, as Bidirectional
    unrolled = sum(bool(getattr(part, "unroll", False)) for part in parts)
    shapes = [node.input_tensors[0].shape for node in operation._inbound_nodes if node.input_tensors]
    return unrolled * sum(max((side or 0 for side in shape[1:-1]), default=0) for shape in shapes)


def batch_size(model: keras.Model, most: int = MOST_BATCH) -> int:
    """How many pictures a model is run on at a time, by the largest thing that a layer makes of one.

    Args:
        model: The model. If its batch is fixed, that is the answer.
        most: For a model of small layers.
    """
    fixed = model.inputs[0].shape[0]
    if fixed:
        return int(fixed)
    largest = max((made.numbers for made in made_of_a_picture(model)), default=1)
    return max(1, min(most, MOST_BYTES // (4 * max(1, largest))))


def made_of_a_picture(model: keras.Model) -> Iterator[Made]:
    """What all layers make of one picture, and the operations between them, in models inside, too.

    The parts of a layer, as an LSTM's cell, have no calls; what they make is that of the layer.
    """
    batch = model.inputs[0].shape[0]

    def sides(shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return tuple(shape[1:] if shape[:1] == (batch,) else shape)

    for operation in _operations(model):
        for node in operation._inbound_nodes:
            inputs = [sides(tensor.shape) for tensor in node.input_tensors]
            for output in node.output_tensors:
                yield Made(operation.name, sides(output.shape))
            if inputs and "Attention" in type(operation).__name__:
                yield Made(operation.name, _weighed(operation, inputs), put_out=False)
            if inputs and type(operation).__name__ == "TimeDistributed":
                yield from _made_at_each_time(operation, inputs[0][:1])


def _weighed(operation: keras.Operation, inputs: list[tuple[int | None, ...]]) -> tuple[int | None, ...]:
    """The sides of the weights of an attention; `AdditiveAttention` has as many for each channel."""
    query, other = inputs[0], inputs[min(1, len(inputs) - 1)]
    heads = query[-1] if "Additive" in type(operation).__name__ else getattr(operation, "num_heads", 1)
    return heads, *query[:-1], *other[:-1]


def _made_at_each_time(operation: keras.Operation, times: tuple[int | None, ...]) -> Iterator[Made]:
    if hasattr(operation.layer, "inputs"):  # a model
        for made in made_of_a_picture(operation.layer):
            yield Made(operation.name, times + made.sides, made.put_out)


def _operations(model: keras.Model) -> Iterator[keras.Operation]:
    for layer in model._flatten_layers():
        yield layer
        yield from getattr(layer, "operations", ())
