"""Inspect a model file in a separate process, because HDF5's library crashes or hangs on some damaged files.

Run as a module this file is that process: it exits with status 1 and a line on stdout if it refuses the file.
"""

import io
import re
import sys
from pathlib import Path

import h5py

from train.console.text import one_line
from train.data.zip_archive import open_archive
from train.errors import ModelError
from train.input.memory_limit import memory_capped
from train.model_file.apart import limit_time
from train.model_file.config import judged
from train.model_file.foreign import HEAD_BYTES, SAVE, ZIP, Foreign, recognize, recognize_archive
from train.model_file.stored import stored_in_archive, stored_in_h5
from train.model_file.weights import MOST_BYTES, check_attributes, check_weights

# For the file itself, its largest array, and the check of that array for NaN.
MOST_MEMORY = 5 * MOST_BYTES // 2
# Of CPU time. The largest file needs a tenth of it.
MOST_SECONDS = 8
MEMBERS = {"config.json", "metadata.json", "model.weights.h5"}  # of a .keras
IGNORED = re.compile(r"^__MACOSX/|/$|(^|/)(\.DS_Store|Thumbs\.db|desktop\.ini)$")  # what zip programs add
WEIGHTS_GROUPS = {"layers", "vars", "_layer_checkpoint_dependencies", "model_weights"}


def inspect_file(path: Path) -> None:
    """Refuse a file that is no model, damaged, weights only or far too large, or contains code or NaN.

    Raises:
        ModelError: If the file is refused.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
        with memory_capped(MOST_MEMORY):
            _inspect(path, head)
    except ModelError:
        raise
    except Exception as error:  # HDF5, zip and JSON raise many kinds; all of them mean damage
        raise ModelError(
            f"expected a whole HDF5 (.h5) or .keras model at {path}, found a damaged or other file "
            f"({one_line(error, 200)}): download or copy it again, or save it again with model.save()"
        ) from None


def _inspect(path: Path, head: bytes) -> None:
    if head.startswith(ZIP):
        _check_suffix(path, ".keras")
        _check_keras(path)
    elif h5py.is_hdf5(path):
        _check_suffix(path, ".h5", ".hdf5")
        _check_h5(path)
    elif foreign := recognize(head, path):
        raise _refused(path, foreign)
    else:
        raise ValueError("it begins like neither")


def _refused(path: Path, foreign: Foreign) -> ModelError:
    return ModelError(f"expected a .h5 or .keras model at {path}, found {foreign.found}: {foreign.way_out}")


def _check_suffix(path: Path, *suffixes: str) -> None:
    """A file can be valid in both formats, so that one of them is read by its name and its content."""
    if path.suffix not in suffixes:
        if suffixes[0] == ".keras":
            with open_archive(path) as archive:
                if foreign := recognize_archive(archive.namelist()):
                    raise _refused(path, foreign)
        raise ModelError(
            f"expected a name that ends in {suffixes[0]} for such a file, found {path}: "
            f"rename it to {path.with_suffix(suffixes[0]).name}"
        )


def _check_h5(path: Path) -> None:
    with h5py.File(path, "r") as file:
        check_attributes(file, path)
        if "model_config" not in file.attrs:
            raise _refused(path, _weights_or_other(file, path))
        judged(*stored_in_h5(file), path)
        check_weights(file, path)


def _weights_or_other(file: h5py.File, path: Path) -> Foreign:
    if "layer_names" in file.attrs or "layer_names0" in file.attrs or file.keys() & WEIGHTS_GROUPS:
        return Foreign(
            "weights only",
            f"build the model in Python as it was, call model.load_weights('{path.name}'), then {SAVE}",
        )
    return Foreign("an HDF5 file of something else", "give the model's file, as model.save() wrote it")


def _check_keras(path: Path) -> None:
    with open_archive(path) as archive:
        if foreign := recognize_archive(archive.namelist()):
            raise _refused(path, foreign)
        others = {name for name in archive.namelist() if not IGNORED.search(name)} - MEMBERS
        if others:
            raise ValueError(f"it holds {min(others)[:80]!r}, which Keras doesn't write for a classifier")
        if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
            raise ModelError(
                f"expected at most {MOST_BYTES:,} bytes in {path}, found more: use a smaller model"
            )
        judged(*stored_in_archive(archive), path)
        weights = io.BytesIO(archive.read("model.weights.h5"))
    with h5py.File(weights, "r") as file:
        check_weights(file, path)


if __name__ == "__main__":
    limit_time(MOST_SECONDS)
    try:
        inspect_file(Path(sys.argv[1]))
    except ModelError as error:
        print(error)
        sys.exit(1)
