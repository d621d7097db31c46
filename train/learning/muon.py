"""Muon for convolutions, too: Keras's own uses AdamW for all kernels except those of dense layers."""

from typing import Any

import keras
from keras import ops

# Length of a kernel's step, in learning rates; with it the default rate suits both Muon and AdamW.
STEP = 2.0


@keras.saving.register_keras_serializable(package="inkproof")
class Muon(keras.optimizers.Muon):
    """Updates each kernel by the orthogonal matrix nearest to its momentum, hence equally in all directions.

    A convolution's kernel is treated as the matrix of shape (height * width * channels, filters) by which
    patches of an image are multiplied (Jordan 2024, https://kellerjordan.github.io/posts/muon/). All other
    variables are updated by AdamW: biases, normalisations, depthwise kernels and the last layer.
    """

    def _should_use_adamw(self, variable: Any) -> bool:
        """Whether the variable is no such matrix; Keras calls this in `build` and for weight decay."""
        is_matrix = len(variable.shape) >= 2 and variable.shape[-1] > 1
        return not is_matrix or any(name in variable.path for name in self.exclude_layers)

    def zeropower_via_newtonschulz5(self, x: Any, steps: int) -> Any:
        """The orthogonal matrix nearest to a kernel's matrix, in the kernel's shape."""
        matrix = ops.reshape(x, (-1, x.shape[-1]))
        return ops.reshape(super().zeropower_via_newtonschulz5(matrix, steps), x.shape)

    def lr_adjust(self, x: Any) -> Any:
        """Scale an orthogonal matrix times the learning rate to a kernel's step."""
        return STEP * x
