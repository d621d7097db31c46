"""Measure the reference model in Keras, or a `.tflite` in LiteRT; JavaScript has `runtimes/timing.mjs`.

Run as a module it is a process that does nothing else, so that its peak memory is the model's:

    python -m export.bench.measure keras|litert ARTIFACT IMAGES.npy RESULT.json
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from export.runtimes.peak_memory import peak_bytes
from export.types import Images

WARM_UP = 20
LONG_ENOUGH_MS = 300.0

Predict = Callable[[Images], object]


def measure(open_model: Callable[[], Predict], images: Images) -> dict[str, object]:
    """Load a model and time its predictions.

    Args:
        open_model: Imports the runtime, loads the model and gives a function to predict with.
        images: One batch, shape (n, height, width, channels).

    Returns:
        load_ms, first_ms, warm_ms (of each prediction of one picture), images_per_s and peak_bytes.
    """
    begin = time.perf_counter()
    predict = open_model()
    load_ms = 1000 * (time.perf_counter() - begin)
    one = images[:1]

    def timed(pictures: Images) -> float:
        start = time.perf_counter()
        predict(pictures)
        return 1000 * (time.perf_counter() - start)

    first_ms = timed(one)
    for _ in range(WARM_UP):
        timed(one)
    warm_ms = _repeated(lambda: timed(one))
    timed(images)
    batches = _repeated(lambda: timed(images))
    return {
        "load_ms": load_ms,
        "first_ms": first_ms,
        "warm_ms": warm_ms,
        "images_per_s": 1000 * len(images) / median(batches),
        "peak_bytes": peak_bytes("self"),
    }


def _repeated(timed: Callable[[], float]) -> list[float]:
    """What `timed` gives, called until it has taken long enough."""
    times: list[float] = []
    while sum(times) < LONG_ENOUGH_MS:
        times.append(timed())
    return times


def open_in_keras(path: Path) -> Predict:
    """The reference model, one thread, by its compiled `predict_on_batch`. The file was checked before."""
    from train.console.quiet import import_tensorflow

    import_tensorflow()
    import tensorflow as tf

    from train.model_file.load import load_checked

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    model = load_checked(path)
    taken = tuple(model.inputs[0].shape[1:])

    def predict(images: Images) -> Any:
        given = images.astype(np.float32)  # on whatever scale: that takes no time
        return model.predict_on_batch(given if None in taken else given.reshape(len(images), *taken))

    return predict


def open_in_litert(path: Path) -> Predict:
    """A `.tflite`, one thread."""
    from export.runtimes.litert import open_model

    return open_model(path)


OPENERS = {"keras": open_in_keras, "litert": open_in_litert}

if __name__ == "__main__":
    runtime, artifact, given, result = sys.argv[1:]
    found = measure(lambda: OPENERS[runtime](Path(artifact)), np.load(given, allow_pickle=False))
    Path(result).write_text(json.dumps(found), encoding="utf-8", newline="\n")
