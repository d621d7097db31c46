"""Prepare a model for the converters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from export.target import Description, Source
from export.types import Images
from train.data.dataset import Dataset

if TYPE_CHECKING:
    import keras

# Enough for steady ranges, quick to run: the converter's own guide asks for 100 to 500 in all.
CALIBRATION_PER_CLASS = 30


def open_source(
    model: keras.Model, dataset: Dataset, folder: Path, description: Description | None = None
) -> Source:
    """Choose the calibration images of an inference model; `folder` is for its SavedModel."""
    calibration = of_full_range(dataset.calibration(CALIBRATION_PER_CLASS))
    return Source(model, folder, calibration, description or Description())


def of_full_range(pictures: Images) -> Images:
    """Calibration images from which a quantizer takes pixel bytes as they are, with a scale of 1.

    Of pictures that reach neither 0 nor 255 it would cut off what is darker and lighter in others, and a byte
    would no longer stand for its grey level.
    """
    if pictures.min() == 0 and pictures.max() == 255:
        return pictures
    changed = pictures[:1].copy()
    changed[0, 0, 0], changed[0, -1, -1] = 0, 255
    return np.concatenate([pictures, changed])
