"""What the kits for phones share: how far a phone's numbers may be from those of the golden files."""

from __future__ import annotations

import numpy as np

from export.kits._model import KitModel

# Processors add up in other orders, and what lies between two quantization levels then goes to another one.
OF_THE_RANGE = 0.01
LEVELS = 2.5


def tolerance(model: KitModel) -> float:
    """The largest difference of an output that a kit's self-test accepts."""
    known = np.concatenate(list(model.probabilities.values()))
    span = float(np.ptp(known)) if model.task == "values" else 1.0
    return max(OF_THE_RANGE * span, *(LEVELS * variant.answer.scale for variant in model.variants))


def values(model: KitModel) -> dict[str, object]:
    """More values for the templates of a phone's kit."""
    return {"tolerance": tolerance(model)}
