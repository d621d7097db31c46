"""LiteRT, the runtime of `.tflite` files on phones; here its interpreter for this machine.

Run as a module it is the process that `ENGINE` starts: it imports no TensorFlow, as a phone doesn't.
"""

from __future__ import annotations

import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import numpy as np

from export.runtimes import process
from export.types import Engine, Images, Probabilities

# Bit-equal to one by one, and 10,000 at once would take 950 MB.
BATCH = 250


def run(artifact: Path, images: Images, _page_runtime: Path) -> Probabilities:
    """Run a `.tflite` on images, one thread.

    Returns:
        Probabilities, shape (n, classes); quantized outputs are scaled back to 0..1.

    Raises:
        RunError: If LiteRT can't load or run it.
    """
    with tempfile.TemporaryDirectory() as folder:
        given, answers = Path(folder, "images.npy"), Path(folder, "answers.npy")
        np.save(given, images)
        process.run([sys.executable, "-m", __name__, str(artifact), str(given), str(answers)], str(artifact))
        found: Probabilities = np.load(answers, allow_pickle=False)
        return found


def _interpret(artifact: Path, images: Images) -> Probabilities:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(artifact), num_threads=1)
    given, answer = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    answers, resized = [], 0
    last = len(images) - 1
    for start in [*range(0, last, BATCH), last]:  # the last one alone
        batch = images[start : min(start + BATCH, last) if start < last else last + 1]
        if len(batch) != resized:
            interpreter.resize_tensor_input(given["index"], batch.shape)
            interpreter.allocate_tensors()
            resized = len(batch)
        interpreter.set_tensor(given["index"], batch.astype(given["dtype"]))
        interpreter.invoke()
        answers.append(interpreter.get_tensor(answer["index"]))
    found: Probabilities = np.concatenate(answers)
    if found.dtype.kind != "f":
        scale, zero_point = answer["quantization"]
        found = (found.astype(np.float32) - zero_point) * np.float32(scale)
    return found


ENGINE = Engine(describe=lambda: f"ai-edge-litert {version('ai-edge-litert')}", run=run)

if __name__ == "__main__":
    artifact, images, answers = map(Path, sys.argv[1:])
    np.save(answers, _interpret(artifact, np.load(images, allow_pickle=False)))
