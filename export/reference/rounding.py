"""How exact a model's own predictions are: how far they lie from those of the same model in float64."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from export.reference.adapt import Adaptation
from export.reference.logits import LEAST, before_softmax, logarithms
from export.reference.quantization import Noise, quantization_noise, to_bytes, to_bytes_by_channel, to_halves
from export.reference.run_model import run_model
from export.reference.tasks import Task
from export.types import Images

if TYPE_CHECKING:
    import keras

LIKELY = 1e-3


@dataclass(frozen=True, slots=True)
class Rounding:
    """How far rounding alone moves a model's predictions, in its own arithmetic.

    Attributes:
        logit: Largest error of any logarithm of a probability; of values, of any value.
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
    pictures = np.concatenate([images, probes])
    try:
        outputs, logits = _run(adaptation.inference_model(model, "float64"), pictures, np.float64)
    except Exception:  # a caller's own layers may not compute in float64: then nothing is known of it
        return Rounding()
    found = adaptation.predict(model, pictures).astype(np.float64)
    if adaptation.task is Task.VALUES:
        largest = float(np.abs(found - outputs).max())
        return Rounding(largest, largest)
    exact = logarithms(outputs, logits=logits)
    in_float32 = logarithms(_run(adaptation.inference_model(model), pictures, np.float32)[0], logits=logits)
    kept = (found > LEAST) & (exact > np.log(LEAST))
    itself = np.where(kept, np.abs(logarithms(found, logits=False) - exact), 0)  # of half precision, say
    errors = np.maximum(itself, np.abs(in_float32 - exact))

    def noise(round_weight: Callable[[NDArray[Any]], NDArray[Any]], *, activations: bool = False) -> Noise:
        rounded = adaptation.inference_model(model)
        return quantization_noise(rounded, pictures, len(images), round_weight, activations=activations)

    return Rounding(
        float(errors.max()),
        float(errors[exact > np.log(LIKELY)].max(initial=0)),
        float(np.ptp(exact, axis=1).max()),
        float(np.exp(exact)[found <= LEAST].max(initial=0)),
        noise(to_halves),
        noise(to_bytes),
        noise(to_bytes_by_channel, activations=True),
    )


def _run(model: keras.Model, pictures: Images, dtype: type) -> tuple[NDArray[Any], bool]:
    """A model's logits and True, where a softmax ends it; otherwise its outputs and False."""
    opened, logits = before_softmax(model)
    return run_model(opened, pictures, lambda some: some.astype(dtype)), logits
