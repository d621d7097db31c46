"""Run a `.tflite` in TensorFlow Lite for Microcontrollers, by the interpreter of the wheel tflite-micro.

The kit for microcontrollers has a copy of this file: it needs that wheel, NumPy, and nothing else.
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

GRAIN = 16  # TFLM places tensors at multiples of this many bytes
MOST = 1 << 28  # bytes of an arena


def smallest_arena(content: bytes) -> int:
    """The fewest bytes in which TFLM places all tensors of a model, on this machine.

    Raises:
        RuntimeError: If TFLM can't run the model, however large the arena is.
    """
    opened(content, MOST)
    too_few, enough = 0, MOST // GRAIN
    while enough - too_few > 1:
        between = (too_few + enough) // 2
        if _fits(content, between * GRAIN):
            enough = between
        else:
            too_few = between
    return enough * GRAIN


def outputs(content: bytes, arena: int, images: NDArray[np.uint8]) -> NDArray[Any]:
    """The output for each of some images, shape (n, classes), in the file's own type."""
    interpreter = opened(content, arena)
    given = interpreter.get_input_details(0)
    scales, zero_points = (given["quantization_parameters"][name] for name in ("scales", "zero_points"))
    found = []
    for image in images:
        pixels = image.astype(np.float32)[None]
        if len(scales):  # bytes
            limits = np.iinfo(given["dtype"])
            pixels = np.clip(np.rint(pixels / scales[0]) + zero_points[0], limits.min, limits.max)
        interpreter.set_input(pixels.astype(given["dtype"]), 0)
        interpreter.invoke()
        found.append(interpreter.get_output(0)[0].copy())
    return np.stack(found)


def opened(content: bytes, arena: int) -> Any:
    """A model in an interpreter with an arena of so many bytes."""
    runtime = import_module("tflite_micro.python.tflite_micro.runtime")
    return runtime.Interpreter.from_bytes(content, arena_size=arena)


def _fits(content: bytes, arena: int) -> bool:
    try:
        opened(content, arena)
    except RuntimeError:
        return False
    return True


def _measure(file: str, images: str) -> None:
    """Print the smallest arena of a file, and its outputs for an `.npy` of images, as JSON."""
    content = Path(file).read_bytes()
    arena = smallest_arena(content)
    found = outputs(content, arena, np.load(images, allow_pickle=False))
    sys.stdout.write(json.dumps({"arena": arena, "outputs": found.tolist()}))


if __name__ == "__main__":
    _measure(*sys.argv[1:])
