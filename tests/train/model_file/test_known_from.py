"""The probability from which on a model names a digit travels in its `.h5`."""

import h5py
import keras
import numpy as np
import pytest

from train.model_file.known_from import ATTRIBUTE, read_known_from, write_known_from
from train.model_file.model_file import load_model


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "model.h5"
    model = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Flatten(), keras.layers.Dense(3)])
    model.save(path)
    return path


def test_it_is_there_after_it_was_written_and_keras_ignores_it(saved):
    assert read_known_from(saved) is None
    weights = load_model(saved).get_weights()
    write_known_from(saved, 0.57)
    assert read_known_from(saved) == 0.57
    for before, after in zip(weights, load_model(saved).get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)


def test_a_keras_archive_has_none(tmp_path):
    path = tmp_path / "model.keras"
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)]).save(path)
    assert read_known_from(path) is None


@pytest.mark.parametrize("value", [-0.1, 1.5, np.nan, "0.5", [0.5, 0.5], 1])
def test_what_is_no_probability_is_ignored(saved, value):
    with h5py.File(saved, "r+") as file:
        file.attrs[ATTRIBUTE] = value
    assert read_known_from(saved) is None
