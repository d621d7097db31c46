"""Open a model file safely, and refuse what can't be exported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from export.errors import ModelError
from train.model_file import load

if TYPE_CHECKING:
    import keras


def load_model(path: Path) -> keras.Model:
    """Check a model file, then load it with Keras in safe mode.

    Args:
        path: A `.h5` or `.keras` that holds a whole model.

    Returns:
        The model, not compiled: one picture in, one row of probabilities out.

    Raises:
        ModelError: If `train.model_file` refuses it, or it is another kind of model.
    """
    model = load.load_model(path)
    _check_signature(model, path)
    return model


def load_checked(path: Path) -> keras.Model:
    """The same for a file that `check_file` has let pass, or that this very run has written.

    Raises:
        ModelError: If Keras can't load it, or it is another kind of model.
    """
    model = load.load_checked(path)
    _check_signature(model, path)
    return model


def _check_signature(model: keras.Model, path: Path) -> None:
    """Refuse a model that isn't one picture in, one row of class probabilities out."""
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        raise ModelError(
            f"expected one input and one output in {path}, found {len(model.inputs)} and "
            f"{len(model.outputs)}: export a model of one picture and one answer"
        )
    shape, answer = tuple(model.inputs[0].shape[1:]), tuple(model.outputs[0].shape[1:])
    if len(shape) != 3 or None in shape:
        raise ModelError(
            f"expected an input of fixed (height, width, channels) in {path}, found {shape}: "
            "begin the model with keras.Input((28, 28, 1)) and reshape behind it"
        )
    if len(answer) != 1 or answer[0] is None or answer[0] < 2:
        raise ModelError(
            f"expected an output of (classes,) probabilities in {path}, found {answer}: "
            "end the model with Dense(classes, activation='softmax')"
        )
