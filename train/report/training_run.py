"""What a finished training run hands on to those who describe it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from train.data.dataset import Dataset
from train.settings import Settings

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """A finished training run.

    Attributes:
        model: The trained model, compiled: (n, height, width, channels) grey levels 0..255 to (n, classes)
            probabilities.
        before: The model's weights before training, by variable path, see `weights_by_path`.
        dataset: What it was trained on.
        settings: What it was told.
        history: The `history.csv` that Keras's CSVLogger wrote: a line an epoch.
    """

    model: keras.Model
    before: Mapping[str, NDArray[Any]]
    dataset: Dataset
    settings: Settings
    history: Path
