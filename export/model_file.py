"""Open a model file safely: say what it is, and refuse what can't be exported, before Keras sees it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from export.errors import ModelError
from train.load import load_model as load_saved_model

if TYPE_CHECKING:
    import h5py
    import keras

# A classifier for a page or a phone is far smaller; a claim of more is a mistake or an attack.
MOST_BYTES = 1_000_000_000


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
    model = load_saved_model(path)
    _check_signature(model, path)
    return model


def check_file(path: Path) -> None:
    """Refuse a model file that is missing, damaged, weights only, carries code or holds NaN weights.

    Nothing in the file is run, and no TensorFlow is imported.

    Raises:
        ModelError: If the file is refused.
    """
    if not path.is_file():
        raise ModelError(f"expected a .h5 or .keras model at {path}, found no file: check the path")
    if not path.stat().st_size:
        raise ModelError(f"expected a .h5 or .keras model at {path}, found an empty file: save it again")
    try:
        config = _check_keras(path) if zipfile.is_zipfile(path) else _check_h5(path)
    except (OSError, AttributeError, KeyError, RuntimeError, ValueError, zipfile.BadZipFile) as error:
        reason = " ".join(str(error).split())[:200]
        raise ModelError(
            f"expected a whole HDF5 (.h5) or .keras model at {path}, found a damaged or other file "
            f"({reason}): save it again with model.save()"
        ) from None
    for layer in _layers(config):
        _refuse_code(layer, path)


def _check_h5(path: Path) -> Any:
    import h5py

    with h5py.File(path, "r") as file:
        config = file.attrs.get("model_config")
        if config is None:
            raise ModelError(
                f"expected a whole model in {path}, found weights only: "
                "save it with model.save(), not save_weights()"
            )
        _check_weights(file, path)
    return json.loads(config)


def _check_keras(path: Path) -> Any:
    import h5py

    with zipfile.ZipFile(path) as archive:
        if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
            raise ModelError(
                f"expected at most {MOST_BYTES:,} bytes in {path}, found more: use a smaller model"
            )
        config = json.loads(archive.read("config.json"))
        config.pop("compile_config", None)  # training's own; it isn't loaded
        with h5py.File(io.BytesIO(archive.read("model.weights.h5")), "r") as file:
            _check_weights(file, path)
    return config


def _check_weights(group: h5py.Group, path: Path) -> None:
    """Refuse links out of the file, claims that the memory can't hold, and weights that aren't numbers."""
    import h5py
    import numpy as np

    for name in group:
        if not isinstance(group.get(name, getlink=True), h5py.HardLink):
            raise ModelError(f"expected all of {path} in one file, found the link {name!r}: save it again")
        item = group[name]
        if isinstance(item, h5py.Group):
            _check_weights(item, path)
            continue
        if item.external or item.is_virtual or item.nbytes > MOST_BYTES:
            raise ModelError(
                f"expected plain weights of at most {MOST_BYTES:,} bytes in {path}, found "
                f"{item.name} of {item.nbytes:,} bytes: save it again"
            )
        if item.dtype.kind == "f" and not np.isfinite(item[()]).all():
            raise ModelError(
                f"expected finite weights in {path}, found NaN or infinity in {item.name}: "
                "the training diverged; train again with a smaller learning rate"
            )


def _layers(config: Any) -> Iterator[dict[str, Any]]:
    """Every object in a model's configuration that names a class, however deep."""
    if isinstance(config, dict):
        if "class_name" in config:
            yield config
        for value in config.values():
            yield from _layers(value)
    elif isinstance(config, list):
        for value in config:
            yield from _layers(value)


def _refuse_code(layer: dict[str, Any], path: Path) -> None:
    name = str(layer["class_name"])[:80]
    # A .h5 names no modules; a .keras names none for a custom class.
    module = str(layer.get("module", "keras")).split(".")[0]
    if name in ("Lambda", "__lambda__", "function"):
        kind = f"a {name} layer"
    elif ">" in name or module not in ("keras", "builtins"):
        kind = f"the custom class {name}"
    else:
        return
    raise ModelError(
        f"expected a model without code of its own in {path}, found {kind}, which is never run: "
        "express it with Keras's own layers"
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
