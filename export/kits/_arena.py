"""What TensorFlow Lite for Microcontrollers (TFLM) makes of a file here: its arena and its outputs."""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from export.kits import _tflm
from export.kits._arrays import step_of
from export.kits._model import KitModel, Variant
from train.console.programs import captured
from train.console.text import one_line

WHEEL = "tflite-micro"


@dataclass(frozen=True, slots=True)
class Measured:
    """What TFLM makes of a file.

    Attributes:
        arena: The fewest bytes that it runs in; None where nothing could be measured.
        difference: The largest of any probability from LiteRT's, over the golden pictures.
        refusal: Why TFLM doesn't run the file.
    """

    arena: int | None = None
    difference: float | None = None
    refusal: str | None = None


def wheel_version() -> str | None:
    """The version of TFLM's interpreter for Python; None where it is missing."""
    try:
        return version(WHEEL)
    except PackageNotFoundError:
        return None


def measured(model: KitModel, variant: Variant) -> Measured:
    """What TFLM makes of a file; nothing is known where the wheel is missing."""
    if wheel_version() is None:
        return Measured()
    shape = model.images.shape
    found = _run(variant.path, variant.sha256, model.images.tobytes(), shape)
    if isinstance(found, str):
        return Measured(refusal=f"TFLM doesn't run it ({found})")
    arena, numbers = found
    scale = variant.answer.scale or 1.0
    expected = model.outputs[variant.target].astype(np.float64)
    return Measured(arena, float(np.abs(numbers - expected).max() * scale))


def step(model: KitModel, variant: Variant) -> float:
    """What one quantization level of 8 bits stands for in a file's output."""
    return step_of(variant.path.read_bytes(), model.probabilities[variant.target])


@cache
def _run(
    path: Path, _sha256: str, images: bytes, shape: tuple[int, ...]
) -> tuple[int, NDArray[np.float64]] | str:
    """Arena and outputs of a file, or why TFLM doesn't run it; in a process of its own, which may crash."""
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder, "images.npy")
        np.save(given, np.frombuffer(images, np.uint8).reshape(shape))
        command = [sys.executable, str(_tflm.__file__), str(path), str(given)]
        run = captured(command)
    if run.returncode:
        first, *_ = run.stderr.strip().splitlines() or [f"status {run.returncode}"]
        return one_line(first)
    answer = json.loads(run.stdout)
    return answer["arena"], np.asarray(answer["outputs"], np.float64)
