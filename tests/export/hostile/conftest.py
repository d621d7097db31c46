"""Where hostile models are made, and data that the good one of them fits."""

from pathlib import Path

import numpy as np
import pytest

from tests.export.hostile.hostile_models import Workshop


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    folder = tmp_path_factory.mktemp("hostile") / "models"
    folder.mkdir()
    return Workshop(folder)


@pytest.fixture(scope="module")
def data(workshop: Workshop) -> Path:
    """A dataset that the good model fits."""
    pictures, labels = np.zeros((30, 8, 8), np.uint8), np.arange(30, dtype=np.uint8) % 3
    path = workshop.folder / "data.npz"
    np.savez(path, x_train=pictures, y_train=labels, x_test=pictures, y_test=labels)
    return path
