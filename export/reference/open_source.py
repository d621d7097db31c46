"""Prepare a model for the converters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from export.target import Description, Source
from train.data.dataset import Dataset

if TYPE_CHECKING:
    import keras

# Enough for steady ranges, quick to run: the converter's own guide asks for 100 to 500 in all.
CALIBRATION_PER_CLASS = 30


def open_source(
    model: keras.Model, dataset: Dataset, folder: Path, description: Description | None = None
) -> Source:
    """Export the SavedModel of an inference model into `folder` and choose the calibration images."""
    from train.console.quiet import quiet

    with quiet():
        model.export(folder, verbose=False)
    return Source(model, folder, dataset.calibration(CALIBRATION_PER_CLASS), description or Description())
