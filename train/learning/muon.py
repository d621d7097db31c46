"""Muon for convolutions too: Keras's own leaves all kernels but those of fully connected layers to AdamW."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

STEP = 2.0  # of a kernel, in learning rates: so the default rate suits both Muon and what AdamW moves


@keras.saving.register_keras_serializable(package="inkproof")
class Muon(keras.optimizers.Muon):  # type: ignore[misc]  # Keras ships no types
    """Moves each kernel by an orthogonal matrix near its momentum, so in all directions alike.

    A convolution's kernel is the matrix of shape (height * width * channels, filters) by which patches of a
    picture are multiplied (Jordan 2024, https://kellerjordan.github.io/posts/muon/). What isn't the matrix of
    a hidden layer, AdamW moves: biases, normalisations, depthwise kernels, the last layer.
    """

    def _should_use_adamw(self, variable: Any) -> bool:
        """Whether it is no such matrix: Keras asks in `build`, and where it lets weights decay."""
        is_matrix = len(variable.shape) >= 2 and variable.shape[-1] > 1
        return not is_matrix or any(name in variable.path for name in self.exclude_layers)

    def zeropower_via_newtonschulz5(self, x: Any, steps: int) -> Any:
        """The orthogonal matrix near the one that a kernel is, in the kernel's shape."""
        matrix = ops.reshape(x, (-1, x.shape[-1]))
        return ops.reshape(super().zeropower_via_newtonschulz5(matrix, steps), x.shape)

    def lr_adjust(self, x: Any) -> Any:
        """How far a kernel moves for an orthogonal matrix times the learning rate."""
        return STEP * x
