"""Share memory between conversions and proofs: they run side by side where all fit, otherwise in turn."""

import ctypes
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from train.input.room import Room

# Of 3 GB; TensorFlow and a model of 100 MB hold the rest.
MOST_BYTES = 1_300_000_000
# Measured with a model of 100 MB. TensorFlow's converters hold its weights a dozen times over; a runtime's
# process, which begins with a quarter of a GB, its file twice.
CONVERSION, PROOF, PROOF_AT_LEAST = 12, 2, 250_000_000
SMALL = 5_000_000  # files that make no difference

memory = Room(MOST_BYTES)


def keep_none() -> None:
    """Have TensorFlow, which must not be imported yet, return the memory of tensors when it frees them.

    It keeps half a GB of a model of 100 MB otherwise. Training, which frees many, would be 5% slower.
    """
    os.environ.setdefault("TF_ONEDNN_USE_SYSTEM_ALLOCATOR", "1")


@contextmanager
def for_work_on(weights: int) -> Iterator[None]:
    """Hold what converting a model takes, or simulating it, and return it to the system.

    Args:
        weights: Bytes of the model's weights.
    """
    with memory.taken(CONVERSION * weights):
        yield
    if weights > SMALL:  # else not worth the third of a second that collecting takes
        gc.collect()
        if sys.platform == "linux":
            with suppress(OSError, AttributeError):  # glibc keeps what was freed, unless asked
                ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def for_proof(artifact: Path) -> Iterator[None]:
    """Hold what running an exported model takes, by the bytes of its files."""
    files = [artifact] if artifact.is_file() else artifact.glob("*")
    size = sum(file.stat().st_size for file in files)
    with memory.taken(PROOF_AT_LEAST + PROOF * size if size > SMALL else 0):
        yield
