"""MNIST: where to find it, and the hashes that identify it."""

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from train.console.quiet import import_tensorflow
from train.console.text import one_line
from train.errors import DataError, NetworkError

ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
# Hash of the file that keras.datasets.mnist downloads, from its source.
FILE_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
# `content_sha256` of the arrays in that file. Written as IDX, each array has the MD5 that LeCun published, so
# the same arrays in any other zip are MNIST, too.
CONTENT_SHA256 = "06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16"
TIMEOUT_S = 20.0


def find_local(home: Path) -> Path | None:
    """The file that `$MNIST_NPZ` names, existing or not, or the one in the Keras cache; None if neither."""
    named = os.environ.get("MNIST_NPZ")
    if named:
        return Path(named)
    cached = home / "datasets" / "mnist.npz"
    return cached if cached.is_file() else None


def download(home: Path) -> Path:
    """Download the official file by Keras, which checks its hash and shows progress.

    Args:
        home: The Keras folder, which keeps the file in its cache.

    Raises:
        NetworkError: If the download fails.
        DataError: If the file isn't the official one.
    """
    import_tensorflow()
    import keras

    with contextlib.suppress(OSError):
        home.mkdir(parents=True, exist_ok=True)  # Keras uses /tmp if the folder doesn't exist
    try:
        with limited_wait():
            found = keras.utils.get_file(
                "mnist.npz", ORIGIN, file_hash=FILE_SHA256, cache_dir=str(home), cache_subdir="datasets"
            )
        return Path(found)
    except ValueError as error:  # Keras raises it for a wrong hash, and leaves the file in its cache
        (home / "datasets" / "mnist.npz").unlink(missing_ok=True)
        raise DataError(
            f"expected MNIST (sha256 {FILE_SHA256[:12]}...) from {ORIGIN}, found another file: try again"
        ) from error
    except Exception as error:  # Keras wraps all network errors in a bare Exception
        raise NetworkError(
            f"expected MNIST from {ORIGIN}, the network refused ({one_line(error.__context__ or error)}): "
            "set MNIST_NPZ to the path of an mnist.npz"
        ) from error


@contextlib.contextmanager
def limited_wait() -> Iterator[None]:
    """Give up on a silent server after a while: urlretrieve, which Keras calls, has no timeout of its own."""
    timeout = socket.getdefaulttimeout()
    socket.setdefaulttimeout(TIMEOUT_S)
    try:
        yield
    finally:
        socket.setdefaulttimeout(timeout)
