"""A finished training run, as its description needs it."""

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
        dataset: The dataset of the run.
        settings: The settings of the run.
        history: Path of its `history.csv`.
        temperature: What the model's logits were divided by after training, see `train.learning.temperature`.
    """

    model: keras.Model
    before: Mapping[str, NDArray[Any]]
    dataset: Dataset
    settings: Settings
    history: Path
    temperature: float
