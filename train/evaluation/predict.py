"""Read the digits in picture files."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from train.contract import InputContract
from train.drawing.image_file import read_grey
from train.drawing.photo import NoDigitsError, digits_in
from train.drawing.preprocess import normalise
from train.errors import PictureError
from train.evaluation.calibration import CONFIDENT
from train.evaluation.refusal import refusal


def read_digits(
    paths: Sequence[Path], contract: InputContract
) -> tuple[list[tuple[Path, int]], NDArray[np.uint8], list[PictureError]]:
    """Read picture files as inputs of a model; files that can't be read don't stop the others.

    Args:
        paths: The picture files.
        contract: What the model expects of an image.

    Returns:
        The files that show ink, and how many digits each shows; the images of those digits, file after file
        and from left to right, shape (n, height, width, channels) in the contract's grey levels; and one
        error for each of the other files.
    """
    readable, pictures, errors = [], [], []
    for path in paths:
        try:
            digits = _digits_in(path)
            pictures += [normalise(ink, contract) for ink in digits]
            readable.append((path, len(digits)))
        except PictureError as error:
            errors.append(error)
    grey = np.array(pictures, np.uint8).reshape(-1, contract.height, contract.width, 1)
    return readable, np.repeat(grey, contract.channels, axis=-1), errors


def _digits_in(path: Path) -> list[NDArray[np.uint8]]:
    """The ink of each digit in a picture, from left to right."""
    try:
        return digits_in(read_grey(path))
    except NoDigitsError as error:
        raise PictureError(f"expected digits in one row in {path}, found {error}") from None


def describe(
    path: Path,
    pictures: NDArray[np.uint8],
    probabilities: NDArray[np.float32],
    known_from: float | None,
    contract: InputContract,
) -> str:
    """What one picture file shows, followed by the runner-up where the model isn't confident.

    Args:
        path: The picture file.
        pictures: The images of each digit in it, from left to right, shape (digits, height, width, channels).
        probabilities: The model's for each of them, shape (digits, classes).
        known_from: The probability from which on the model names a digit; None for any.
        contract: What the model expects of an image, and the names of its classes.

    Returns:
        Path, digits, and the probability of the digit in which the model is least confident. A question mark
        stands for what is no digit, or more than one; then that follows instead.
    """
    highest = probabilities.max(axis=1)
    refusals = [
        refusal(picture, float(probability), known_from, contract)
        for picture, probability in zip(pictures, highest, strict=True)
    ]
    classes = [contract.labels[first] for first in probabilities.argmax(axis=1)]
    read = "".join("?" if refused else name for refused, name in zip(refusals, classes, strict=True))
    doubtful = min(range(len(read)), key=lambda place: (refusals[place] is None, highest[place]))
    which = f"digit {doubtful + 1} " if len(read) > 1 else ""
    if refused := refusals[doubtful]:
        return f"{path}  {read}  ({which}{'is ' if which else ''}{refused})"
    second, first = np.argsort(probabilities[doubtful], kind="stable")[-2:]
    prediction = f"{path}  {read}  {probabilities[doubtful, first]:.1%}"
    if probabilities[doubtful, first] >= CONFIDENT:
        return prediction
    return f"{prediction}  ({which}or {contract.labels[second]}, {probabilities[doubtful, second]:.1%})"
