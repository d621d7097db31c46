"""What every exported model is compared with."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from export.reference.rounding import Rounding
from export.reference.tasks import Task
from export.types import Images, Labels, Probabilities
from train.evaluation.calibration import Calibration, calibration


@dataclass(frozen=True, slots=True)
class Evidence:
    """What every exported model is compared with: images, their labels, the reference model's predictions.

    Attributes:
        images: The test split.
        labels: Its labels; without numbers where they are unknown.
        reference: The reference model's predictions for it, as exported models give them.
        probes: Images that are in no test split, see `export.parity.probes`.
        probe_reference: The reference model's predictions for them.
        task: What the predictions are compared by.
        rounding: Measures how exact the reference model's own predictions are.
        pictures: How many of the probes, the last ones, are of `export.parity.probes.picture_probes`.
        multiplications: What the model takes for one picture.
    """

    images: Images
    labels: Labels
    reference: Probabilities
    probes: Images
    probe_reference: Probabilities
    task: Task = Task.CLASSES
    rounding: Callable[[], Rounding] = Rounding
    pictures: int = 0
    multiplications: int = 0

    @property
    def labelled(self) -> bool:
        """Whether it is known what is right."""
        return self.labels.size > 0

    @property
    def accuracy(self) -> float | None:
        """The reference model's accuracy, 0..1; None where the labels are unknown or values."""
        return self.accuracy_of(self.reference)

    @property
    def mean_abs_error(self) -> float | None:
        """Of values, the reference model's mean difference from the right ones; None otherwise."""
        return self.mean_abs_error_of(self.reference)

    @property
    def calibration(self) -> Calibration | None:
        """The reference model's decisions by their confidence.

        None where the labels are unknown or values.
        """
        if not self.labelled or self.task is Task.VALUES:
            return None
        decisions = self.task.decisions(self.reference).astype(np.float64)
        return calibration(decisions.max(axis=1), self.task.scores(self.reference, self.labels))

    def accuracy_of(self, predictions: Probabilities) -> float | None:
        """The accuracy of predictions for the images."""
        if not self.labelled or self.task is Task.VALUES:
            return None
        return float(self.task.scores(predictions, self.labels).mean())

    def mean_abs_error_of(self, predictions: Probabilities) -> float | None:
        """The mean absolute error of predictions for the images."""
        if not self.labelled or self.task is not Task.VALUES:
            return None
        return -float(self.task.scores(predictions, self.labels).mean())

    @property
    def unit(self) -> float:
        """What differences are fractions of: 1 for probabilities, of values their range."""
        return (float(np.ptp(self.reference)) or 1.0) if self.task is Task.VALUES else 1.0

    @property
    def beyond(self) -> NDArray[np.bool_]:
        """Which probes, shape (n,), hold more ink than any test image."""
        ink, most = (
            pictures.reshape(len(pictures), -1).sum(axis=1) for pictures in (self.probes, self.images)
        )
        return np.asarray(ink > most.max())
