"""Read the digits in picture files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from train.contract import InputContract
from train.drawing.image_file import read_grey
from train.drawing.ink import ink_of
from train.drawing.preprocess import normalise
from train.errors import ModelError, PictureError

if TYPE_CHECKING:
    import keras

# Below this probability the second guess is worth telling.
SURE = 0.9


def contract_of(model: keras.Model) -> InputContract:
    """What the model expects a picture to look like: MNIST's contract at the model's own size.

    Raises:
        ModelError: If the model doesn't take one picture and give one row of probabilities.
    """
    takes = [tuple(tensor.shape[1:]) for tensor in model.inputs]
    gives = [tuple(tensor.shape[1:]) for tensor in model.outputs]
    if [len(shape) for shape in takes + gives] != [3, 1] or None in takes[0] + gives[0]:
        raise ModelError(
            f"expected a model from (height, width, channels) to (classes,), found {takes} to {gives}: "
            "name a classifier of pictures"
        )
    return InputContract.scaled_to(takes[0], gives[0][0])


def read_digits(
    paths: Sequence[Path], contract: InputContract
) -> tuple[list[Path], NDArray[np.uint8], list[PictureError]]:
    """Read picture files as a model's inputs, as many as can be read.

    Returns:
        The files that show ink; their pictures, shape (n, height, width, channels) in the contract's grey
        levels; and what is wrong with the others.
    """
    readable, pictures, errors = [], [], []
    for path in paths:
        try:
            pictures.append(normalise(_read_ink(path), contract))
            readable.append(path)
        except PictureError as error:
            errors.append(error)
    grey = np.array(pictures, np.uint8).reshape(-1, contract.height, contract.width, 1)
    return readable, np.repeat(grey, contract.channels, axis=-1), errors


def describe(path: Path, probabilities: NDArray[np.float32], labels: Sequence[str]) -> str:
    """The answer to one picture, with the second guess where the first is unsure.

    Args:
        path: Of the picture.
        probabilities: Shape (classes,).
        labels: Names of the classes.
    """
    second, first = np.argsort(probabilities, kind="stable")[-2:]
    answer = f"{path}  {labels[first]}  {probabilities[first]:.1%}"
    if probabilities[first] >= SURE:
        return answer
    return f"{answer}  (or {labels[second]}, {probabilities[second]:.1%})"


def _read_ink(path: Path) -> NDArray[np.uint8]:
    ink = ink_of(read_grey(path))
    if not ink.any():
        raise PictureError(
            f"expected a digit in {path}, found bare paper: draw darker or lighter than the paper"
        )
    return ink
