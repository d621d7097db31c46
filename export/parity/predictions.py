"""What an engine predicted, and for which inputs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from export.types import Probabilities


@dataclass(frozen=True, slots=True)
class Inputs:
    """Which test images and which probes of `export.parity.evidence.Evidence` an engine runs, by index."""

    images: NDArray[np.intp] | slice
    probes: NDArray[np.intp] | slice


EVERYTHING = Inputs(slice(None), slice(None))


@dataclass(frozen=True, slots=True)
class Predictions:
    """An engine's probabilities for the inputs that it ran.

    Attributes:
        of_images: For the test images, shape (n, classes).
        of_probes: For the probes, shape (m, classes).
        alone: For the first of these images once more, in a batch of its own, shape (1, classes).
        inputs: Which images and probes these are.
    """

    of_images: Probabilities
    of_probes: Probabilities
    alone: Probabilities
    inputs: Inputs = EVERYTHING
