"""A model's predictions on a split, and the mistakes in which it is most confident."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from train.data.dataset import Split
from train.model_file.output_sizes import batch_size

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, slots=True)
class Mistake:
    """An image that the model misclassifies.

    Attributes:
        picture: Shape (height, width, channels), uint8.
        label: The right class.
        prediction: The model's class.
        probability: The model's probability of its own class, 0..1.
    """

    picture: NDArray[np.uint8]
    label: int
    prediction: int
    probability: float


@dataclass(frozen=True, slots=True)
class Results:
    """A model's probabilities for every image of a split.

    Attributes:
        split: The images and their labels.
        probabilities: Shape (n, classes).
        loss: Mean cross-entropy, as Keras computes it.
    """

    split: Split
    probabilities: NDArray[Any]
    loss: float

    @property
    def predictions(self) -> NDArray[np.intp]:
        """The most probable class of each image, shape (n,)."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @property
    def right(self) -> int:
        """How many predictions equal their label."""
        return int((self.predictions == self.split.labels).sum())

    @property
    def accuracy(self) -> float:
        """Fraction of right predictions, 0..1."""
        return self.right / len(self.split)

    def worst_mistakes(self, most: int) -> list[Mistake]:
        """The mistakes with the highest probability of the wrong class, worst first, at most `most`."""
        predictions, confidence = self.predictions, self.probabilities.max(axis=1)
        wrong = np.flatnonzero(predictions != self.split.labels)
        worst = wrong[np.argsort(-confidence[wrong], kind="stable")][:most]
        images, labels = self.split.images, self.split.labels.tolist()
        return [Mistake(images[i], labels[i], int(predictions[i]), float(confidence[i])) for i in worst]


def measure(model: keras.Model, split: Split) -> Results:
    """Predict every image of a split with a compiled model."""
    images, labels = split.as_floats()
    # Computed by Keras from the softmax's input, not from the probabilities, which may round to 0.
    size = batch_size(model)
    loss = model.evaluate(images, labels, batch_size=size, verbose=0, return_dict=True)["loss"]
    return Results(split, model.predict(images, batch_size=size, verbose=0), loss)
