"""Datasets as files, and the messages with which they are refused."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from train.data.npz import read_npz
from train.errors import DataError

GREY = np.random.default_rng(0).integers(0, 256, (12, 6, 5)).astype(np.uint8)
LABELS = np.arange(12, dtype=np.uint8) % 3
GOOD: dict[str, Any] = {"x_train": GREY, "y_train": LABELS, "x_test": GREY[:6], "y_test": LABELS[:6]}
SCALED = {name: GOOD[name] / np.float32(255) for name in ("x_train", "x_test")}


def saved(path: Path, **changes: Any) -> Path:
    np.savez_compressed(path, **(GOOD | changes))
    return path


def npy(array: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def refusal(path: Path) -> str:
    """The message with which a file is refused: one line that names the file."""
    with pytest.raises(DataError) as caught:
        read_npz(path)
    message = str(caught.value)
    assert "\n" not in message
    assert str(path) in message
    assert message.startswith("expected ")
    return message
