"""Read the digits in picture files."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from train.contract import InputContract
from train.drawing.image_file import read_grey
from train.drawing.ink import ink_of
from train.drawing.preprocess import normalise
from train.errors import PictureError
from train.evaluation.calibration import CONFIDENT


def read_digits(
    paths: Sequence[Path], contract: InputContract
) -> tuple[list[Path], NDArray[np.uint8], list[PictureError]]:
    """Read picture files as inputs of a model; files that can't be read don't stop the others.

    Args:
        paths: The picture files.
        contract: What the model expects of an image.

    Returns:
        The files that show ink; their images, shape (n, height, width, channels) in the contract's grey
        levels; and one error for each of the other files.
    """
    readable, pictures, errors = [], [], []
    for path in paths:
        try:
            ink = ink_of(read_grey(path))
            if not ink.any():
                raise PictureError(
                    f"expected a digit in {path}, found bare paper: draw darker or lighter than the paper"
                )
            pictures.append(normalise(ink, contract))
            readable.append(path)
        except PictureError as error:
            errors.append(error)
    grey = np.array(pictures, np.uint8).reshape(-1, contract.height, contract.width, 1)
    return readable, np.repeat(grey, contract.channels, axis=-1), errors


def describe(path: Path, probabilities: NDArray[np.float32], labels: Sequence[str]) -> str:
    """The prediction for one picture, followed by the runner-up where the model isn't confident.

    Args:
        path: The picture file.
        probabilities: Shape (classes,).
        labels: Names of the classes.
    """
    second, first = np.argsort(probabilities, kind="stable")[-2:]
    prediction = f"{path}  {labels[first]}  {probabilities[first]:.1%}"
    if probabilities[first] >= CONFIDENT:
        return prediction
    return f"{prediction}  (or {labels[second]}, {probabilities[second]:.1%})"
