"""What every target is converted from, and what every exported model is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from export.errors import ModelError
from export.parity.probes import probe_images
from export.target import Source
from export.types import Images, Labels, Probabilities
from train.contract import InputContract
from train.data.dataset import Dataset

if TYPE_CHECKING:
    import keras

REFERENCE_BATCH = 500
# Enough for steady ranges, quick to run: the converter's own guide asks for 100 to 500 in all.
CALIBRATION_PER_CLASS = 30


@dataclass(frozen=True, slots=True)
class Evidence:
    """What every exported model is compared with: images, their classes, the reference model's predictions.

    Attributes:
        images: The whole test split.
        labels: Its classes.
        reference: The Keras model's probabilities for it.
        probes: Images that are in no test split, see `export.parity.probes`.
        probe_reference: The Keras model's probabilities for them.
    """

    images: Images
    labels: Labels
    reference: Probabilities
    probes: Images
    probe_reference: Probabilities

    @property
    def accuracy(self) -> float:
        """The reference model's accuracy, 0..1."""
        return float((self.reference.argmax(axis=1) == self.labels).mean())

    @property
    def beyond(self) -> NDArray[np.bool_]:
        """Which probes, shape (n,), hold more ink than any test image."""
        ink, most = (
            pictures.reshape(len(pictures), -1).sum(axis=1) for pictures in (self.probes, self.images)
        )
        return np.asarray(ink > most.max())


def check_fit(contract: InputContract, dataset: Dataset) -> None:
    """Check that the model is made for the dataset.

    Raises:
        ModelError: If images or classes differ from the model's.
    """
    found = dataset.test.images.shape[1:]
    if found != contract.shape:
        raise ModelError(
            f"expected a model for pictures of shape {found}, as in the dataset '{dataset.name}', found one "
            f"for {contract.shape}: name its own dataset with --data, or train it on this one"
        )
    if dataset.classes > len(contract.labels):
        raise ModelError(
            f"expected a model of at least {dataset.classes} classes, as in the dataset '{dataset.name}', "
            f"found one of {len(contract.labels)}: name its own dataset with --data"
        )


def open_source(model: keras.Model, dataset: Dataset, folder: Path) -> Source:
    """Export the model's SavedModel into `folder` and choose the calibration images."""
    from train.console.quiet import quiet

    with quiet():
        model.export(folder, verbose=False)
    return Source(model, folder, dataset.calibration(CALIBRATION_PER_CLASS))


def gather_evidence(model: keras.Model, dataset: Dataset) -> Evidence:
    """Have the reference model predict every test image and every probe.

    Raises:
        ModelError: If its predictions aren't probabilities.
    """
    images = dataset.test.images
    probes = probe_images(images.shape[1:])
    inputs = np.concatenate([images, probes]).astype(np.float32)
    reference: Probabilities = model.predict(inputs, batch_size=REFERENCE_BATCH, verbose=0)
    sums = reference.sum(axis=1)
    if not np.isfinite(reference).all() or reference.min() < 0 or np.abs(sums - 1).max() > 1e-3:
        raise ModelError(
            f"expected probabilities that add up to 1, the model gives {sums.min():.3g} to {sums.max():.3g}: "
            "end it with Dense(classes, activation='softmax')"
        )
    count = len(images)
    return Evidence(images, dataset.test.labels, reference[:count], probes, reference[count:])
