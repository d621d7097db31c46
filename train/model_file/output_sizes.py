"""Limit the size of what the layers of a model put out: upsampling needs no weights."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from train.errors import ModelError
from train.model_file.config_values import MOST_NUMBERS

if TYPE_CHECKING:
    import keras


def check_sizes(model: keras.Model, path: Path) -> None:
    """Refuse a model of which a layer's output for one picture exceeds the memory, in models inside it, too.

    Args:
        model: The model.
        path: Its file, for the message.

    Raises:
        ModelError: If an output is too large.
    """
    batch = model.inputs[0].shape[0]
    for operation in _operations(model):
        for node in operation._inbound_nodes:
            for output in node.output_tensors:
                sides = output.shape[1:] if output.shape[:1] == (batch,) else output.shape
                if math.prod(side for side in sides if side) > MOST_NUMBERS:
                    raise ModelError(
                        f"expected layers of at most {MOST_NUMBERS:,} numbers for a picture in {path}, "
                        f"found {tuple(sides)} from {operation.name}: use smaller ones"
                    )


def _operations(model: keras.Model) -> Iterator[keras.Operation]:
    """All layers, and the operations between them; the parts of a layer, as an LSTM's cell, have no calls."""
    for layer in model._flatten_layers():
        yield layer
        yield from getattr(layer, "operations", ())
