"""How often a model is right, by how confident it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 15  # of confidence, as in Guo et al. 2017, On Calibration of Modern Neural Networks
# A prediction less probable than this is shown together with the second most probable class. Of the default
# model's predictions for held-out digits of MNIST and of pens, 1.5% are, and with them 58% of the mistakes;
# 0.8 would find 46% of the mistakes among 1.0%, 0.98 four of five among 3.2%
# (tests/benchmarks/measure_confidence.py).
CONFIDENT = 0.9


@dataclass(frozen=True, slots=True)
class Bin:
    """Decisions of about the same confidence.

    Attributes:
        start: The least confidence, 0..1.
        end: The confidence that all are below, or at 1.
        count: How many decisions.
        confidence: Their mean confidence.
        right: The fraction of them that are right.
    """

    start: float
    end: float
    count: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How often a model is right, by how confident it is.

    Attributes:
        bins: Those that hold decisions, the least confident first.
    """

    bins: tuple[Bin, ...]

    @property
    def error(self) -> float:
        """The expected calibration error, 0..1 (Naeini et al. 2015).

        That is the mean of |confidence - right| over the bins, weighted by their number of decisions.
        """
        return self._mean([abs(one.confidence - one.right) for one in self.bins])

    @property
    def overconfidence(self) -> float:
        """The mean confidence less the fraction that is right, -1..1; negative where it is too cautious."""
        return self._mean([one.confidence - one.right for one in self.bins])

    def _mean(self, values: Sequence[float]) -> float:
        return float(np.average(values, weights=[one.count for one in self.bins]))


def calibration(confidence: NDArray[Any], right: NDArray[Any]) -> Calibration:
    """Put decisions into bins of about the same confidence.

    Args:
        confidence: How confident the model is in each decision, shape (n,), 0..1; at least one.
        right: How right each of them is, shape (n,), 0..1.
    """
    places = np.clip((confidence * BINS).astype(np.intp), 0, BINS - 1)
    found = []
    for place in np.unique(places).tolist():
        inside = places == place
        means = float(confidence[inside].mean()), float(right[inside].mean())
        found.append(Bin(place / BINS, (place + 1) / BINS, int(inside.sum()), *means))
    return Calibration(tuple(found))
