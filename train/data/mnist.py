"""MNIST: where it is, and what proves that it is MNIST."""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path

from train.console.quiet import import_tensorflow
from train.console.text import one_line
from train.errors import DataError, NetworkError

ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
# Of the file that keras.datasets.mnist downloads, as in its source.
FILE_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
# `content_sha256` of the arrays in that file. Each array's bytes, written as IDX, have the MD5
# that LeCun published, so any zip around them is MNIST too.
CONTENT_SHA256 = "06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16"
TIMEOUT_S = 20.0


def at_hand(home: Path) -> Path | None:
    """`$MNIST_NPZ`, whether or not it is there, or what Keras keeps in its folder; None where neither is."""
    named = os.environ.get("MNIST_NPZ")
    if named:
        return Path(named)
    cached = home / "datasets" / "mnist.npz"
    return cached if cached.is_file() else None


def download(home: Path) -> Path:
    """Fetch the official file through Keras, which checks its hash and shows progress.

    Args:
        home: The Keras folder, where the file is kept for the next time.

    Raises:
        NetworkError: If the network refuses.
        DataError: If what came is not the official file.
    """
    import_tensorflow()
    import keras

    patience = socket.getdefaulttimeout()
    socket.setdefaulttimeout(TIMEOUT_S)  # urlretrieve, beneath Keras, waits for ever by itself
    try:
        with contextlib.suppress(OSError):
            home.mkdir(parents=True, exist_ok=True)  # Keras takes /tmp where it doesn't exist
        found = keras.utils.get_file(
            "mnist.npz", ORIGIN, file_hash=FILE_SHA256, cache_dir=str(home), cache_subdir="datasets"
        )
        return Path(found)
    except ValueError as error:  # what Keras raises for a wrong hash; it leaves the file in its cache
        (home / "datasets" / "mnist.npz").unlink(missing_ok=True)
        raise DataError(
            f"expected MNIST (sha256 {FILE_SHA256[:12]}...) from {ORIGIN}, found another file: try again"
        ) from error
    except Exception as error:  # Keras wraps whatever the network said in a bare Exception
        reason = one_line(error.__context__ or error)
        raise NetworkError(
            f"expected MNIST from {ORIGIN}, the network refused ({reason}): point MNIST_NPZ at a copy"
        ) from error
    finally:
        socket.setdefaulttimeout(patience)
