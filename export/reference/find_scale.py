"""Find the scale of the pixels that a model was trained on, from its predictions for training pictures.

The thresholds come from 24 networks (linear, MLP with ReLU and sigmoid, CNN; MNIST and drawn bars) trained on
0..255, 0..1 and -1..1; the scale of each is found. Loss alone doesn't do: the more a picture is magnified,
the more confident a network is, and where it makes no mistakes, any magnification lowers the loss.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from export.errors import ModelError
from export.reference.pixel_scale import RAW, PixelScale

SIGNIFICANT = 3.0  # standard errors
# Trained on 0..255 and fed 0..1, networks lost 0.63 nats and more; trained on 0..1, at most what their
# accuracy costs, and 0.04.
UNCALIBRATED = 0.1  # nats
# Factors between the losses of scales alike in accuracy: of those that were right at least 7.6, of those that
# were only larger at most 3.3.
FAR, NEAR = 5.0, 4.0
LEAST_LOSS = 0.002  # nats; below it, a factor means nothing
INFORMED = 0.9  # of the loss of a guess
ALIKE = 1e-3  # in probability


@dataclass(frozen=True, slots=True)
class Trial:
    """How a model does on pictures at one scale.

    Attributes:
        scale: The scale.
        predictions: Shape (n, classes).
        scores: For each decision, how right it is: 1 or 0; of values, minus the absolute error.
        losses: For each decision, the loss in nats; of values, the absolute error.
        guess: The scores of the best answer that is the same for all pictures.
        guess_loss: The mean loss of predictions that are the frequencies of the classes; of values, of that
            answer.
    """

    scale: PixelScale
    predictions: NDArray[np.float32]
    scores: NDArray[np.float64]
    losses: NDArray[np.float64]
    guess: NDArray[np.float64]
    guess_loss: float

    @property
    def score(self) -> float:
        """The accuracy, or minus the mean absolute error."""
        return float(self.scores.mean())

    def is_better(self, other: Trial) -> bool:
        """Whether it is right significantly more often than another trial of the same pictures."""
        return _exceeds(self.scores, other.scores)

    def is_better_than_guessing(self) -> bool:
        """Whether it is right more often than one and the same answer, and not just as a random network is.

        Random networks are right significantly more often, too, but no more confident than the frequencies of
        the classes are.
        """
        knows = self.losses.mean() < INFORMED * self.guess_loss or self.score > (1 + self.guess.mean()) / 2
        return _exceeds(self.scores, self.guess) and bool(knows)

    def is_like(self, other: Trial) -> bool:
        """Whether the predictions are the same but for rounding."""
        return float(np.abs(self.predictions - other.predictions).mean()) < ALIKE

    def loss_to(self, other: Trial) -> float:
        """Its mean loss as a multiple of another trial's."""
        return max(float(self.losses.mean()), LEAST_LOSS) / max(float(other.losses.mean()), LEAST_LOSS)

    def is_calibrated(self, classes: int) -> bool:
        """Whether the loss is what predictions of this accuracy cost that are as confident as they are right.

        Those of error rate e and K classes cost the entropy of e, and e log(K - 1) for which class it is.
        """
        e = min(max(1 - self.score, 1e-9), 1 - 1e-9)
        cost = -e * np.log(e) - (1 - e) * np.log(1 - e) + e * np.log(max(classes - 1, 1))
        return bool(self.losses.mean() <= cost + UNCALIBRATED)


def _exceeds(scores: NDArray[np.float64], others: NDArray[np.float64]) -> bool:
    """Whether scores of the same pictures are higher on average by more than chance has it."""
    difference = scores - others
    error = difference.std() / np.sqrt(len(difference))
    return bool(difference.mean() > SIGNIFICANT * error)


def find_scale(
    attempt: Callable[[PixelScale], Trial], scales: Sequence[PixelScale], *, declared: bool, classes: int
) -> PixelScale:
    """Find the scale at which a model is right.

    Of those at which it is equally right, the smallest counts that explains how confident it is.

    Args:
        attempt: Tries the model on training pictures at a scale.
        scales: Those that the pictures can be brought to, grey levels as they are among them.
        declared: Whether the model itself begins with layers that scale 0..255 down.
        classes: How many there are.

    Raises:
        ModelError: If none stands out; it names how right the model is at each.
    """
    trials = {scale.name: attempt(scale) for scale in scales}
    raw = trials[RAW.name]
    if all(trial.is_like(raw) for trial in trials.values()):
        return RAW  # they are all the same to it
    top = max(trials.values(), key=lambda trial: trial.score)
    equal = [trial for trial in trials.values() if not top.is_better(trial)]
    if declared and (raw in equal or not top.is_better_than_guessing()):
        return RAW
    if not top.is_better_than_guessing():
        raise _undecided(trials)
    explaining = [trial for trial in equal if trial.is_calibrated(classes)] or equal
    smallest_first = sorted(explaining, key=lambda trial: trial.scale.multiplier[0])
    best = smallest_first[0]
    for trial in smallest_first[1:]:
        best = _better(best, trial, trials)
    return best.scale


def _better(smaller: Trial, larger: Trial, trials: dict[str, Trial]) -> Trial:
    """The one of two equally right that was the model's scale in training."""
    if larger.scale.multiplier[0] >= 1:
        return smaller  # grey levels themselves explain nothing that a smaller scale does
    factor = smaller.loss_to(larger)
    if NEAR < factor < FAR:
        raise _undecided(trials)
    return larger if factor >= FAR else smaller


def _undecided(trials: dict[str, Trial]) -> ModelError:
    def shown(trial: Trial) -> str:
        return f"{trial.score:.2%}" if trial.score >= 0 else f"an error of {-trial.score:.3g}"

    found = ", ".join(f"{shown(trial)} at {name}" for name, trial in trials.items())
    return ModelError(
        "expected a model that is right at one scale of pixels and less so at others, found accuracies on "
        f"training pictures of {found}: name the scale that it was trained on with --scale"
    )
