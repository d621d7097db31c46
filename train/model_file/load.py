"""Load a saved model safely: code in the file is never run, and unsafe files are refused beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from train.console.quiet import import_tensorflow, quiet
from train.errors import ModelError
from train.input.memory_limit import memory_capped
from train.model_file.apart import check_apart
from train.model_file.build import build_model
from train.model_file.config import judged
from train.model_file.foreign import recognize_folder
from train.model_file.output_sizes import check_sizes
from train.model_file.plain import is_plain
from train.model_file.reason import reason_of
from train.model_file.stored import read_stored
from train.model_file.trial import build_apart
from train.model_file.weights import MOST_BYTES as MOST_OF_WEIGHTS

if TYPE_CHECKING:
    import keras

# Many times what a small model needs while it is built, apart from its weights.
MOST_BYTES = 1_000_000_000
# Weights, see `train.model_file.weights`, and as many again for each of three states of an optimizer.
MOST_OF_FILE = 4 * MOST_OF_WEIGHTS


def load_checked(path: Path) -> keras.Model:
    """Load a model file that `check_file` has accepted, or that this run has written.

    A configuration may claim layers of any size, so the size of the file limits the memory to build them.

    Raises:
        ModelError: If Keras can't load it, or the output of a layer is too large.
    """
    config, by_keras_2 = _read_config(path)
    if not is_plain(config):
        build_apart(path)
    return _build(config, by_keras_2, path)


def load_alone(path: Path) -> keras.Model:
    """The same without a trial in another process: whatever ends the building ends this process.

    Raises:
        ModelError: If Keras can't load it, or the output of a layer is too large.
    """
    return _build(*_read_config(path), path)


def _read_config(path: Path) -> tuple[dict[str, Any], bool]:
    """The repaired and judged configuration in a file, and whether Keras 2 wrote it."""
    with _blaming(path):
        stored = read_stored(path)
        return judged(*stored, path), stored.by_keras_2


def _build(config: dict[str, Any], by_keras_2: bool, path: Path) -> keras.Model:
    import_tensorflow()
    with _blaming(path), quiet(), memory_capped(MOST_BYTES + 4 * path.stat().st_size):
        model = build_model(config, by_keras_2, path)
        check_sizes(model, path)
    return model


@contextmanager
def _blaming(path: Path) -> Iterator[None]:
    """Turn what is raised in the body into a ModelError: Keras raises many kinds; the cause is the file."""
    try:
        yield
    except ModelError:
        raise
    except Exception as error:
        raise ModelError(
            f"expected a model that Keras {version('keras')} can load at {path}, it could not "
            f"({reason_of(error)}): save it again with model.save()"
        ) from error


def demand_file(path: Path) -> None:
    """Refuse a path that is no file, or whose file is empty or far too large. Raises ModelError."""
    if path.is_dir():
        foreign = recognize_folder(path)
        raise ModelError(
            f"expected a .h5 or .keras model at {path}, found {foreign.found}: {foreign.way_out}"
        )
    if not path.is_file():
        raise ModelError(f"expected a .h5 or .keras model at {path}, found no file: check the path")
    size = path.stat().st_size
    if size > MOST_OF_FILE:
        raise ModelError(
            f"expected a file of at most {MOST_OF_FILE:,} bytes at {path}, found {size:,}: use a smaller one"
        )
    if not size:
        raise ModelError(
            f"expected a .h5 or .keras model at {path}, found an empty file: download or save it again"
        )


def check_file(path: Path) -> None:
    """Refuse a model file that is missing, damaged, weights only or far too large, or contains code or NaN.

    Nothing in the file is run, and TensorFlow isn't imported.

    Raises:
        ModelError: If the file is refused.
    """
    demand_file(path)
    check_apart(
        "train.model_file.inspector",
        path,
        f"expected a whole HDF5 (.h5) or .keras model at {path}, found one that crashes or blocks its reader "
        "({status}): save it again with model.save()",
    )
