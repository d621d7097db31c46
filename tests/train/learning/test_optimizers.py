"""Optimizers and schedules: the kinds that are named, and the learning rate over a run."""

import numpy as np
import pytest

from train.learning.optimizers import build_optimizer
from train.settings import OPTIMIZERS, SCHEDULES, Settings

pytestmark = pytest.mark.usefixtures("tensorflow")

STEPS = 1000


def rates(schedule):
    optimizer = build_optimizer(Settings(schedule=schedule, rate=0.02), STEPS)
    found = []
    for step in range(0, STEPS + 1, 50):
        optimizer.iterations.assign(step)
        found.append(float(optimizer.learning_rate))
    return np.array(found)


def test_one_cycle_rises_for_a_quarter_and_falls_to_nothing():
    found = rates("one-cycle")
    assert found[0] == pytest.approx(0.001)
    assert found.argmax() == 5  # step 250
    assert found.max() == pytest.approx(0.02)
    assert (np.diff(found[:6]) > 0).all()
    assert (np.diff(found[5:]) < 0).all()
    assert found[-1] == pytest.approx(1e-6)


def test_cosine_falls_from_the_start():
    found = rates("cosine")
    assert found[0] == pytest.approx(0.02)
    assert found[10] == pytest.approx(0.01, rel=1e-3)
    assert (np.diff(found) < 0).all()
    assert found[-1] == pytest.approx(1e-6)


def test_constant_stays():
    assert rates("constant") == pytest.approx(np.full(21, 0.02))


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_takes_every_schedule(name, schedule):
    import keras

    from train.learning.muon import Muon

    optimizer = build_optimizer(Settings(optimizer=name, schedule=schedule), STEPS)
    assert (
        type(optimizer)
        is {
            "adamw": keras.optimizers.AdamW,
            "adam": keras.optimizers.Adam,
            "sgd": keras.optimizers.SGD,
            "muon": Muon,
        }[name]
    )
    weight = keras.Variable(np.ones(3, np.float32))
    optimizer.apply([keras.ops.ones(3)], [weight])
    assert (np.array(weight) < 1).all()


def test_sgd_has_nesterov_momentum():
    optimizer = build_optimizer(Settings(optimizer="sgd"), STEPS)
    assert optimizer.nesterov
    assert optimizer.momentum == 0.9
