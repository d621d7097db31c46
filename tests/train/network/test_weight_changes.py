"""Weights before and after training."""

import numpy as np
import pytest

from train.network.weight_changes import Change, changes, weights_by_path


def test_copies_stay_as_they_were_and_frozen_layers_are_no_change():
    import keras

    frozen = keras.layers.Dense(4, name="frozen", trainable=False)
    model = keras.Sequential([keras.Input((3,)), frozen, keras.layers.Dense(2, name="out")])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    before = weights_by_path(model)
    assert len(before) == len(model.weights) == 4
    first = {path: weights.copy() for path, weights in before.items()}
    model.fit(np.ones((8, 3), np.float32), np.ones((8, 2), np.float32), verbose=0)
    assert all(np.array_equal(before[path], first[path]) for path in before)
    kernel, bias = changes(before, model)
    assert [kernel.name.split("/")[-2:], bias.name.split("/")[-2:]] == [["out", "kernel"], ["out", "bias"]]
    assert (kernel.is_kernel, bias.is_kernel) == (True, False)
    assert np.array_equal(kernel.after, model.get_layer("out").kernel.numpy())
    assert kernel.mean_step > 0


def test_the_mean_step_is_that_of_the_absolute_changes():
    assert Change("w", np.array([1.0, 2.0]), np.array([0.0, 4.0])).mean_step == pytest.approx(1.5)
