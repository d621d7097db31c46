"""How exact a model's own predictions are: how far they lie from those of the same model in float64."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from export.reference.adapt import Adaptation
from export.reference.logits import LEAST, before_softmax, logarithms
from export.reference.quantization import Noise, Simulation, to_bytes, to_bytes_by_channel, to_halves
from export.reference.tasks import Task
from export.types import Images
from train.model_file.output_sizes import batch_size
from train.model_file.running import run_model

if TYPE_CHECKING:
    import keras

LIKELY = 1e-3
BATCHES = 4  # of images, and of probes, at once


@dataclass(frozen=True, slots=True)
class Rounding:
    """How far rounding alone moves a model's predictions, in its own arithmetic.

    Attributes:
        logit: Largest error of any logarithm of a probability; of values, of any value. What errors in sums
            over a blank or full picture make of it is included.
        likely: The same of probabilities that aren't small: half precision is coarse where it ends.
        logit_range: Range of these logarithms for one picture.
        least: The largest probability that it gives as 0, because its numbers end there.
        of_halves: How far weights of 16-bit floats move them, see `export.reference.quantization`.
        of_weights: How far weights of 8 bits do.
        of_activations: How far weights and activations of 8 bits do. None where it can't be simulated.
    """

    logit: float = 0.0
    likely: float = 0.0
    logit_range: float = 0.0
    least: float = 0.0
    of_halves: Noise | None = None
    of_weights: Noise | None = None
    of_activations: Noise | None = None


def measure_rounding(adaptation: Adaptation, model: keras.Model, images: Images, probes: Images) -> Rounding:
    """Compare a model's predictions with those of its copy in float64.

    Args:
        adaptation: How it is run.
        model: The reference model.
        images: A few hundred.
        probes: Images that are in no test split.
    """
    try:
        exact_model = adaptation.inference_model(model, "float64")
        images, probes = _as_many_as_fit(exact_model, images), _as_many_as_fit(exact_model, probes)
        pictures = np.concatenate([images, probes])
        opened, logits = before_softmax(exact_model)
        outputs = run_model(opened, pictures, _in_float64)
        flat = np.stack([np.full(pictures.shape[1:], level, np.uint8) for level in (0, 255)])
        of_flat, of_shaken = run_model(opened, flat, _in_float64), run_model(opened, flat, _shaken)
    except Exception:  # a caller's own layers may not compute in float64: then nothing is known of it
        return Rounding()
    found = adaptation.predict(model, pictures).astype(np.float64)
    if adaptation.task is Task.VALUES:
        largest = float(np.abs(found - outputs).max())
        return Rounding(max(largest, float(np.abs(of_shaken - of_flat).max())), largest)
    exact = logarithms(outputs, logits=logits)
    del exact_model, opened  # twice the size of the model
    opened, _ = before_softmax(adaptation.inference_model(model))
    in_float32 = logarithms(run_model(opened, pictures, lambda some: some.astype(np.float32)), logits=logits)
    kept = (found > LEAST) & (exact > np.log(LEAST))
    itself = np.where(kept, np.abs(logarithms(found, logits=False) - exact), 0)  # of half precision, say
    errors = np.maximum(itself, np.abs(in_float32 - exact))
    moved = np.abs(logarithms(of_shaken, logits=logits) - logarithms(of_flat, logits=logits))
    simulated = Simulation(opened, logits, pictures, len(images), in_float32)
    return Rounding(
        float(max(errors.max(), moved.max())),
        float(errors[exact > np.log(LIKELY)].max(initial=0)),
        float(np.ptp(exact, axis=1).max()),
        float(np.exp(exact)[found <= LEAST].max(initial=0)),
        simulated.noise(to_halves),
        simulated.noise(to_bytes),
        simulated.noise(to_bytes_by_channel, activations=True),
    )


def _in_float64(pictures: Images) -> NDArray[np.float64]:
    return pictures.astype(np.float64)


def _shaken(pictures: Images) -> NDArray[np.float64]:
    """Pictures with the error that sums of all their values may have in float32: sqrt(n) roundings.

    Keras sums equal values nearly exactly, other runtimes one after the other (Higham 2002, Accuracy and
    Stability of Numerical Algorithms, 4.2), and layers that normalize a blank or full picture magnify that.
    """
    error = 255 * math.sqrt(math.prod(pictures.shape[1:])) * 2.0**-24
    return pictures + error * np.random.default_rng(0).choice([-1.0, 1.0], pictures.shape)


def _as_many_as_fit(model: keras.Model, pictures: Images) -> Images:
    """Some of the pictures, evenly, where the largest layer's output for all would take too much memory."""
    return pictures[:: math.ceil(len(pictures) / (BATCHES * batch_size(model)))]
