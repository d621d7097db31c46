"""Load a saved model safely: code in the file is never run, and unsafe files are refused beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from train.console.quiet import import_tensorflow, quiet
from train.errors import ModelError
from train.model_file.apart import check_apart
from train.model_file.build import build_model
from train.model_file.config import judged
from train.model_file.foreign import recognize_folder
from train.model_file.memory_limit import memory_capped
from train.model_file.output_sizes import check_sizes
from train.model_file.plain import is_plain
from train.model_file.reason import reason_of
from train.model_file.stored import read_stored
from train.model_file.trial import build_apart
from train.output.transaction import recover

if TYPE_CHECKING:
    import keras

# Many times what a small model needs while it is built, apart from its weights.
MOST_BYTES = 1_000_000_000


def load_model(path: Path) -> keras.Model:
    """Check a `.h5` or `.keras`, then load it in Keras's safe mode, not compiled.

    Raises:
        ModelError: If `check_file` refuses the file, or Keras can't load it.
        InkproofError: If a killed run has left the file half replaced, and that can't be completed.
    """
    recover(path.parent)
    check_file(path)
    return load_checked(path)


def load_checked(path: Path) -> keras.Model:
    """Load a model file that `check_file` has accepted, or that this run has written.

    A configuration may claim layers of any size, so the size of the file limits the memory to build them.

    Raises:
        ModelError: If Keras can't load it, or the output of a layer is too large.
    """
    with _blaming(path):
        config = judged(*read_stored(path), path)
    if not is_plain(config):
        build_apart(path)
    return load_alone(path)


def load_alone(path: Path) -> keras.Model:
    """The same without a trial in another process: whatever ends the building ends this process.

    Raises:
        ModelError: If Keras can't load it, or the output of a layer is too large.
    """
    import_tensorflow()
    with _blaming(path), quiet(), memory_capped(MOST_BYTES + 4 * path.stat().st_size):
        stored = read_stored(path)
        model = build_model(judged(*stored, path), stored.by_keras_2, path)
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


def check_file(path: Path) -> None:
    """Refuse a model file that is missing, damaged, weights only or far too large, or contains code or NaN.

    Nothing in the file is run, and TensorFlow isn't imported.

    Raises:
        ModelError: If the file is refused.
    """
    if path.is_dir():
        foreign = recognize_folder(path)
        raise ModelError(
            f"expected a .h5 or .keras model at {path}, found {foreign.found}: {foreign.way_out}"
        )
    if not path.is_file():
        raise ModelError(f"expected a .h5 or .keras model at {path}, found no file: check the path")
    if not path.stat().st_size:
        raise ModelError(
            f"expected a .h5 or .keras model at {path}, found an empty file: download or save it again"
        )
    check_apart(
        "train.model_file.inspector",
        path,
        f"expected a whole HDF5 (.h5) or .keras model at {path}, found one that crashes or blocks its reader "
        "({status}): save it again with model.save()",
    )
