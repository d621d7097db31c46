"""Fixtures for the tests of learning."""

import pytest

from train.data.dataset import Dataset, pen_dataset


@pytest.fixture(scope="session")
def few() -> Dataset:
    """So few digits that an epoch takes no time."""
    return pen_dataset(train=300, test=60)
