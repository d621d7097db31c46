"""How a model takes a picture: as it is, without its channel, in one row, or channels first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from export.errors import ModelError
from train.data.picture_shape import PictureShape

if TYPE_CHECKING:
    import keras

COLOURS = (1, 3)


@dataclass(frozen=True, slots=True)
class InputForm:
    """The arrangement of a picture's numbers that a model takes.

    Attributes:
        picture: Shape of a picture, (rows, columns, channels).
        taken: Shape that the model takes, without the batch.
        channels_first: Whether the channels are moved before rows and columns; otherwise the numbers keep
            their order.
    """

    picture: tuple[int, int, int]
    taken: tuple[int, ...]
    channels_first: bool = False

    def arrange(self, pictures: NDArray[Any]) -> NDArray[Any]:
        """Pictures, shape (n, rows, columns, channels), as the model takes them: shape (n, *taken)."""
        moved = np.moveaxis(pictures, -1, 1) if self.channels_first else pictures
        return moved.reshape(len(pictures), *self.taken)

    def arrange_in_graph(self, pictures: keras.KerasTensor) -> keras.KerasTensor:
        """The same for a symbolic tensor, by layers."""
        from keras import layers

        if self.channels_first:
            pictures = layers.Permute((3, 1, 2))(pictures)
        if self.taken == tuple(pictures.shape[1:]):
            return pictures
        return layers.Reshape(self.taken)(pictures)

    def describe(self) -> str | None:
        """What the exported models do with a picture first, for users; None if that is nothing."""
        if self.channels_first:
            return f"the model takes channels first, {self.taken}: exported models take {self.picture}"
        if self.taken != self.picture:
            return f"the model takes {self.taken}: exported models take {self.picture} and reshape it"
        return None


def wanted_picture(model: keras.Model) -> PictureShape:
    """The picture that a model with this input is made for, as far as the input tells."""
    shape = tuple(model.inputs[0].shape[1:])
    match shape:
        case (channels, rows, columns) if channels in COLOURS and columns not in (*COLOURS, 4, None):
            return (rows, columns, channels)
        case (rows, columns, channels):
            return (rows, columns, channels)
        case (rows, columns) if columns != 1:
            return (rows, columns, 1)
        case (int(numbers), *_):
            squares = ((math.isqrt(numbers // channels), channels) for channels in COLOURS)
            fitting = ((side, side, channels) for side, channels in squares if side**2 * channels == numbers)
            return next(fitting, (None, None, None))
    return (None, None, None)


def find_form(model: keras.Model, picture: tuple[int, int, int], dataset: str) -> InputForm:
    """Find how a model takes the pictures of a dataset.

    Args:
        model: A model of one input.
        picture: Shape of the dataset's pictures.
        dataset: Its name, for the message.

    Raises:
        ModelError: If the model takes pictures of another shape.
    """
    shape = tuple(model.inputs[0].shape[1:])
    rows, columns, channels = picture
    if _matches(shape, picture):
        return InputForm(picture, picture)
    if _matches(shape, first := (channels, rows, columns)):
        return InputForm(picture, first, channels_first=True)
    if None not in shape and math.prod(shape) == math.prod(picture) and len(shape) < 3:
        return InputForm(picture, shape)
    if len(shape) == 2 and channels == 1 and _matches(shape, (rows, columns)):
        return InputForm(picture, (rows, columns))
    raise ModelError(
        f"expected a model for pictures of shape {picture}, as in the dataset '{dataset}', found one for "
        f"{shape}: name its own dataset with --data, or train it on this one"
    )


def _matches(shape: tuple[int | None, ...], wanted: tuple[int, ...]) -> bool:
    return len(shape) == len(wanted) and all(a in (None, b) for a, b in zip(shape, wanted, strict=True))
