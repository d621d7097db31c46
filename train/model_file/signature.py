"""The signature that every command expects of a model: one image in, one row of class probabilities out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from train.contract import InputContract
from train.errors import ModelError

if TYPE_CHECKING:
    import keras


class Mismatch(NamedTuple):
    """How a model's signature differs from that of an image classifier, and what to change in the model."""

    expected: str
    found: str
    remedy: str


def find_mismatch(model: keras.Model, contract: InputContract | None = None) -> Mismatch | None:
    """Compare a model's inputs and outputs with those of an image classifier.

    Args:
        model: Any Keras model.
        contract: The image shape and the classes that the model must have; None for any.

    Returns:
        The first difference, or None if the model is an image classifier.
    """
    inputs = [tuple(tensor.shape[1:]) for tensor in model.inputs]
    outputs = [tuple(tensor.shape[1:]) for tensor in model.outputs]
    if len(inputs) != 1 or len(outputs) != 1:
        found = f"{len(inputs)} and {len(outputs)}"
        return Mismatch("one input and one output", found, "use a model of one image and one prediction")
    image, row = inputs[0], outputs[0]
    if len(image) != 3 or None in image or (contract and image != contract.shape):
        expected = f"an input of {contract.shape if contract else 'fixed (height, width, channels)'}"
        shape = (contract or InputContract()).shape
        return Mismatch(
            expected, str(image), f"begin the model with keras.Input({shape}) and reshape behind it"
        )
    classes = len(contract.labels) if contract else "classes"
    if len(row) != 1 or row[0] is None or row[0] < 2 or (contract and row[0] != classes):
        remedy = f"end the model with Dense({classes}, activation='softmax')"
        return Mismatch(f"an output of ({classes},) probabilities", str(row), remedy)
    return None


def contract_of(model: keras.Model, path: Path) -> InputContract:
    """The input contract of the model in a file: MNIST's, scaled to the model's image shape and classes.

    Raises:
        ModelError: If the model isn't an image classifier.
    """
    if wrong := find_mismatch(model):
        raise ModelError(f"expected {wrong.expected} in {path}, found {wrong.found}: {wrong.remedy}")
    return InputContract.scaled_to(model.inputs[0].shape[1:], model.outputs[0].shape[1])
