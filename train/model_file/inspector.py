"""Inspect a model file in a separate process, because HDF5's library crashes or hangs on some damaged files.

Run as a module this file is that process: it exits with status 1 and a line on stdout if it refuses the file.
"""

import io
import resource
import sys
import zipfile
from pathlib import Path

import h5py

from train.console.text import one_line
from train.data.zip_archive import open_archive
from train.errors import ModelError
from train.model_file.config import check_config
from train.model_file.memory_limit import memory_capped
from train.model_file.weights import MOST_BYTES, check_attributes, check_weights

# For the file itself, its largest array, and the check of that array for NaN.
MOST_MEMORY = 5 * MOST_BYTES // 2
# Of CPU time. The largest file needs a tenth of it.
MOST_SECONDS = 10
MEMBERS = {"config.json", "metadata.json", "model.weights.h5"}  # of a .keras


def limit_time() -> None:
    """Have the system end this process by SIGXCPU once it has used too much CPU time."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def inspect_file(path: Path) -> None:
    """Refuse a model file that is damaged, weights only or far too large, or contains code or NaN.

    Raises:
        ModelError: If the file is refused.
    """
    # Keras decides by the name, and a file can be valid in both formats.
    check = {".h5": _check_h5, ".hdf5": _check_h5, ".keras": _check_keras}.get(path.suffix)
    if check is None:
        raise ModelError(f"expected a name that ends in .h5 or .keras, found {path}: rename it")
    try:
        with memory_capped(MOST_MEMORY):
            check(path)
    except ModelError:
        raise
    except Exception as error:  # HDF5, zip and JSON raise many kinds; all of them mean damage
        raise ModelError(
            f"expected a whole HDF5 (.h5) or .keras model at {path}, found a damaged or other file "
            f"({one_line(error, 200)}): save it again with model.save()"
        ) from None


def _check_h5(path: Path) -> None:
    size = path.stat().st_size
    with h5py.File(path, "r") as file:
        check_attributes(file, size, path)
        config = file.attrs.get("model_config")
        if config is None:
            raise ModelError(
                f"expected a whole model in {path}, found weights only: "
                "save it with model.save(), not save_weights()"
            )
        check_config(config, path)
        check_weights(file, size, path)


def _check_keras(path: Path) -> None:
    # Keras doesn't compress; members stored uncompressed can't expand.
    with open_archive(path, methods={zipfile.ZIP_STORED}) as archive:
        others = set(archive.namelist()) - MEMBERS
        if others:
            raise ValueError(f"it holds {min(others)[:80]!r}, which Keras doesn't write for a classifier")
        if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
            raise ModelError(
                f"expected at most {MOST_BYTES:,} bytes in {path}, found more: use a smaller model"
            )
        check_config(archive.read("config.json"), path)
        weights = io.BytesIO(archive.read("model.weights.h5"))
    with h5py.File(weights, "r") as file:
        check_weights(file, weights.getbuffer().nbytes, path)


if __name__ == "__main__":
    limit_time()
    try:
        inspect_file(Path(sys.argv[1]))
    except ModelError as error:
        print(error)
        sys.exit(1)
