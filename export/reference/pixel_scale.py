"""The scale of the pixels that a model was trained on, and how exported models get to it from 0..255."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from export.reference.scale_option import standardisation

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, slots=True)
class PixelScale:
    """A scale: grey level x multiplier + offset, for each channel.

    Attributes:
        name: As on the command line, see `export.reference.scale_option`.
        multiplier: One number, or one a channel.
        offset: One number, or one a channel.
        blue_first: Whether the channels are turned from red, green, blue to blue, green, red before.
    """

    name: str
    multiplier: tuple[float, ...] = (1.0,)
    offset: tuple[float, ...] = (0.0,)
    blue_first: bool = False

    @classmethod
    def named(cls, name: str) -> PixelScale | None:
        """The scale of that name; None if there is no such scale."""
        if given := standardisation(name):
            means, deviations = (np.array(numbers) for numbers in given)
            return cls(name, tuple((1 / deviations).tolist()), tuple((-means / deviations).tolist()))
        return next((known for known in SCALES if known.name == name), None)

    @property
    def description(self) -> str:
        """What was done to grey levels before the training, as users say it."""
        mean, _, deviation = self.name.partition("/")
        return f"(grey level - {mean}) / {deviation}" if deviation else self.name

    def apply(self, pictures: NDArray[Any]) -> NDArray[np.float32]:
        """Grey levels 0..255, shape (n, rows, columns, channels), on this scale."""
        turned = pictures[..., ::-1] if self.blue_first else pictures
        multiplier, offset = np.array(self.multiplier, np.float32), np.array(self.offset, np.float32)
        return np.asarray(turned.astype(np.float32) * multiplier + offset)

    def apply_in_graph(self, pictures: keras.KerasTensor) -> keras.KerasTensor:
        """The same for a symbolic tensor, by one layer that every target has."""
        from keras import initializers, layers

        if self == RAW:
            return pictures
        if len(self.multiplier) == 1:
            return layers.Rescaling(self.multiplier[0], self.offset[0])(pictures)
        # A convolution of single pixels: TensorFlow.js's Rescaling takes one number for all channels.
        kernel = np.diag(self.multiplier)[:: -1 if self.blue_first else 1][None, None]
        return layers.Conv2D(
            3,
            1,
            kernel_initializer=initializers.Constant(kernel),
            bias_initializer=initializers.Constant(np.array(self.offset)),
        )(pictures)

    def fits(self, channels: int) -> bool:
        """Whether pictures of so many channels can be brought to it."""
        return len(self.multiplier) in (1, channels)


RAW = PixelScale("0..255")
# Those of keras.applications.imagenet_utils.preprocess_input, modes "torch" and "caffe"; "tf" is -1..1.
TORCH_MEAN, TORCH_STD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
SCALES = (
    RAW,
    PixelScale("0..1", (1 / 255,)),
    PixelScale("-1..1", (1 / 127.5,), (-1.0,)),
    PixelScale("imagenet-torch", tuple(1 / 255 / TORCH_STD), tuple(-TORCH_MEAN / TORCH_STD)),
    PixelScale("imagenet-caffe", (1.0, 1.0, 1.0), (-103.939, -116.779, -123.68), blue_first=True),
)
