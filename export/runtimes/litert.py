"""LiteRT, the runtime of `.tflite` files on phones; here its interpreter for this machine.

Run as a module it is the process that `ENGINE` starts: it imports no TensorFlow, as a phone doesn't.
"""

import contextlib
import io
import math
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from export.runtimes.process import output_of
from export.target import Engine
from export.types import Images, Probabilities

# Bit-equal to one by one. What more images make outgrows a core's cache: 250 at once took an int16x8 file 1.2
# times as long.
BATCH = 16
# Of the largest tensor for a batch. A few such tensors are held at a time.
MOST_BYTES = 100_000_000
ONE_BY_ONE = "--one-by-one"  # asks the process for numbers as they are


def run(artifact: Path, images: Images, _page_runtime: Path) -> Probabilities:
    """Run a `.tflite` on images, one thread.

    Returns:
        Probabilities, shape (n, classes); quantized outputs are scaled back to 0..1.

    Raises:
        RunError: If LiteRT can't load or run it.
    """
    content = output_of(__name__, [], artifact, images, ".npy")
    found: Probabilities = np.load(io.BytesIO(content), allow_pickle=False)
    return found


def numbers(artifact: Path, images: Images) -> NDArray[Any]:
    """Run a `.tflite` on images, one after the other, one thread.

    Returns:
        Its output as it is, in the file's own type: shape (n, classes).

    Raises:
        RunError: If LiteRT can't load or run it.
    """
    content = output_of(__name__, [ONE_BY_ONE], artifact, images, ".npy")
    found: NDArray[Any] = np.load(io.BytesIO(content), allow_pickle=False)
    return found


def open_model(artifact: Path) -> Callable[[Images], Probabilities]:
    """How to predict with a `.tflite`, one thread, batches of any size."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(artifact), num_threads=1)
    given, predicted = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    resized = 0

    def predict(batch: Images) -> Probabilities:
        nonlocal resized
        if len(batch) != resized:
            interpreter.resize_tensor_input(given["index"], batch.shape)
            interpreter.allocate_tensors()
            resized = len(batch)
        interpreter.set_tensor(given["index"], batch.astype(given["dtype"]))
        interpreter.invoke()
        found: Probabilities = interpreter.get_tensor(predicted["index"])
        if found.dtype.kind != "f":
            scale, zero_point = predicted["quantization"]
            found = (found.astype(np.float32) - zero_point) * np.float32(scale)
        return found

    return predict


def tensors(artifact: Path, image: Images) -> list[NDArray[np.float32]]:
    """Everything that a `.tflite` computes for one image, quantized numbers scaled back.

    Raises:
        RunError: If LiteRT can't load or run it.
    """
    content = output_of(__name__, [], artifact, image, ".npz")
    with np.load(io.BytesIO(content), allow_pickle=False) as found:
        return list(found.values())


def _look_inside(artifact: Path, image: Images) -> list[NDArray[np.float32]]:
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    interpreter = Interpreter(
        str(artifact),
        experimental_preserve_all_tensors=True,
        # A delegate keeps its tensors to itself.
        experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
    )
    given = interpreter.get_input_details()[0]
    interpreter.allocate_tensors()
    interpreter.set_tensor(given["index"], image.astype(given["dtype"]))
    interpreter.invoke()
    found = []
    for detail in interpreter.get_tensor_details():
        scale, zero_point = detail["quantization"]
        with contextlib.suppress(ValueError):  # some have no content, as those of fused operations
            tensor = interpreter.get_tensor(detail["index"])
            found.append((tensor.astype(np.float32) - zero_point) * np.float32(scale or 1))
    return found


def _numbers(artifact: Path, images: Images) -> NDArray[Any]:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(artifact), num_threads=1)
    interpreter.allocate_tensors()
    (given,), (predicted,) = interpreter.get_input_details(), interpreter.get_output_details()
    found = []
    for image in images:
        interpreter.set_tensor(given["index"], image[None].astype(given["dtype"]))
        interpreter.invoke()
        found.append(interpreter.get_tensor(predicted["index"])[0])
    return np.stack(found)


def _interpret(artifact: Path, images: Images) -> Probabilities:
    predict = open_model(artifact)
    last = len(images) - 1
    starts = [*range(0, last, _batch_size(artifact)), last]  # the last one alone
    return np.concatenate(
        [predict(images[start:end]) for start, end in zip(starts, [*starts[1:], last + 1], strict=True)]
    )


def _batch_size(artifact: Path) -> int:
    """How many images at once, by the largest tensor of one, weights among them."""
    from ai_edge_litert.interpreter import Interpreter

    details = Interpreter(str(artifact)).get_tensor_details()
    largest = max(math.prod(map(int, detail["shape"])) for detail in details)
    return max(1, min(BATCH, MOST_BYTES // (4 * max(1, largest))))


ENGINE = Engine(lambda: f"ai-edge-litert {version('ai-edge-litert')}", run, "litert")

if __name__ == "__main__":
    *how, artifact, images, result = map(Path, sys.argv[1:])
    pictures = np.load(images, allow_pickle=False)
    if how:
        np.save(result, _numbers(artifact, pictures))
    elif result.suffix == ".npz":
        np.savez(result, *_look_inside(artifact, pictures))
    else:
        np.save(result, _interpret(artifact, pictures))
