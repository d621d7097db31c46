"""Load a saved model without running anything in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from train.errors import ModelError
from train.memory import memory_capped
from train.quiet import import_tensorflow, quiet
from train.swap import recover

if TYPE_CHECKING:
    import keras

# What building a small model takes, many times over; a file's weights are held up to three times meanwhile.
MOST_BYTES = 1_000_000_000


def load_model(path: Path) -> keras.Model:
    """Load a `.h5` or `.keras` in Keras's safe mode, not compiled.

    A configuration may claim layers of any size: what it asks for is bounded by what the file holds.

    Raises:
        ModelError: If there is no such file or Keras can't load it.
        InkproofError: If a killed run has left it half in place, and it can't be put there.
    """
    recover(path.parent)
    if not path.is_file():
        raise ModelError(f"expected a .h5 or .keras model at {path}, found no file: check the path")
    import_tensorflow()
    import keras

    try:
        with quiet(), memory_capped(MOST_BYTES + 4 * path.stat().st_size):
            return keras.models.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # whatever Keras raises, the file is what is wrong
        reason = " ".join(str(error).split())[:300]
        raise ModelError(
            f"expected a model that Keras {keras.__version__} can load at {path}, it could not ({reason}): "
            "save it again with model.save()"
        ) from error
