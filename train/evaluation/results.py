"""What a model answers on a split, and where it is most sure of what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from train.data.dataset import Split
from train.evaluation.evaluate import BATCH

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, slots=True)
class Mistake:
    """A picture that the model gets wrong.

    Attributes:
        picture: Shape (height, width, channels), uint8.
        label: The right class.
        answer: The model's.
        probability: What the model gives its answer, 0..1.
    """

    picture: NDArray[np.uint8]
    label: int
    answer: int
    probability: float


@dataclass(frozen=True, slots=True)
class Results:
    """A model's probabilities for every picture of a split.

    Attributes:
        split: The pictures and their labels.
        probabilities: Shape (n, classes).
        loss: As Keras gives it.
    """

    split: Split
    probabilities: NDArray[Any]
    loss: float

    @property
    def answers(self) -> NDArray[np.intp]:
        """The class with the highest probability for each picture, shape (n,)."""
        answers: NDArray[np.intp] = self.probabilities.argmax(axis=1)
        return answers

    @property
    def right(self) -> int:
        """How many pictures are answered with their label."""
        return int((self.answers == self.split.labels).sum())

    @property
    def accuracy(self) -> float:
        """Share of right answers, 0..1."""
        return self.right / len(self.split)

    def worst_mistakes(self, most: int) -> list[Mistake]:
        """The mistakes with the highest probabilities for the wrong answer, worst first, at most `most`."""
        answers, sureness = self.answers, self.probabilities.max(axis=1)
        wrong = np.flatnonzero(answers != self.split.labels)
        worst = wrong[np.argsort(-sureness[wrong], kind="stable")][:most]
        return [
            Mistake(self.split.images[i], int(self.split.labels[i]), int(answers[i]), float(sureness[i]))
            for i in worst
        ]


def measure(model: keras.Model, split: Split) -> Results:
    """Ask a compiled model about every picture of a split."""
    images = split.images.astype(np.float32)
    # Not from the probabilities: Keras takes it from what the softmax is given, which never rounds to 0.
    loss = model.evaluate(images, split.labels, batch_size=BATCH, verbose=0, return_dict=True)["loss"]
    return Results(split, model.predict(images, batch_size=BATCH, verbose=0), loss)
