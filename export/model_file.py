"""Open a model file safely: say what it is, and refuse what can't be exported, before Keras sees it."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from export.errors import ModelError
from export.model_config import MOST_NUMBERS
from train.load import load_model as load_saved_model

if TYPE_CHECKING:
    import keras


def load_model(path: Path) -> keras.Model:
    """Check a model file, then load it with Keras in safe mode.

    Args:
        path: A `.h5` or `.keras` that holds a whole model.

    Returns:
        The model, not compiled.

    Raises:
        ModelError: If `check_file` refuses it or Keras can't load it.
    """
    check_file(path)
    return load_checked(path)


def load_checked(path: Path) -> keras.Model:
    """Load a model file that `check_file` has let pass, or that this very process has written.

    Raises:
        ModelError: If Keras can't load it, or it isn't one picture in, one row of probabilities out.
    """
    model = load_saved_model(path)
    _check_signature(model, path)
    _check_sizes(model, path)
    return model


def check_file(path: Path) -> None:
    """Refuse a model file that is missing, damaged, weights only, absurdly large, or carries code or NaN.

    Nothing in the file is run, and no TensorFlow is imported.

    Raises:
        ModelError: If the file is refused.
    """
    if not path.is_file():
        raise ModelError(f"expected a .h5 or .keras model at {path}, found no file: check the path")
    if not path.stat().st_size:
        raise ModelError(f"expected a .h5 or .keras model at {path}, found an empty file: save it again")
    done = subprocess.run(
        [sys.executable, "-m", "export.model_check", str(path)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 1 and done.stdout:
        raise ModelError(done.stdout.strip())
    if done.returncode:
        raise ModelError(
            f"expected a whole HDF5 (.h5) or .keras model at {path}, found one that stops whoever reads it "
            f"(status {done.returncode}): save it again with model.save()"
        )


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


def _check_sizes(model: keras.Model, path: Path) -> None:
    """Refuse a model that makes more of a picture than the memory holds: upsampling needs no weights."""
    import keras

    for layer in model._flatten_layers(include_self=False):
        for output in keras.tree.flatten(layer.output):
            if math.prod(side for side in output.shape if side) > MOST_NUMBERS:
                raise ModelError(
                    f"expected layers of at most {MOST_NUMBERS:,} numbers for a picture in {path}, found "
                    f"{tuple(output.shape[1:])} from {layer.name}: use smaller ones"
                )
