"""Two devices learn what one does, and leave what one does."""

import csv
import json
import subprocess
import sys

import numpy as np
import pytest

from train.data.dataset import pen_dataset
from train.learning.fit import fit
from train.model_file.model_file import load_model
from train.settings import Convolution, Settings

pytestmark = pytest.mark.slow  # two devices trace each step for half a minute

IMAGES = {"train": 400, "test": 61}  # 33 are validated on: neither number is even
RUNS = {
    "mlp": Settings("mlp", epochs=3, batch_size=32, optimizer="muon"),
    "cnn": Settings(
        "cnn",
        epochs=2,
        batch_size=32,
        convolutions=((Convolution(6, 5, 2), Convolution(8, 3, 2)),),
        dropout=0.1,
        optimizer="adamw",
    ),
}
# TensorFlow takes a number of logical devices only before it has started: in a process of its own.
TWO_DEVICES = """
import json, sys
from pathlib import Path
from train.console.quiet import import_tensorflow
import_tensorflow()
import tensorflow as tf

cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)

from train.learning.fit import fit
from train.data.dataset import pen_dataset
from train.learning.devices import strategy
from train.settings import Convolution, Settings

out, images, runs = Path(sys.argv[1]), json.loads(sys.argv[2]), json.loads(sys.argv[3])
for name, settings in runs.items():
    fit(pen_dataset(**images), Settings.from_json(settings), out / name)
pairs = ((32, 33), (33, 33), (32, 5))  # images per batch, and to validate on
replicas = {f"{batch}, {few}": strategy(batch, few).num_replicas_in_sync for batch, few in pairs}
(out / "replicas.json").write_text(json.dumps(replicas))
"""


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    """The output folder of a run on one device, which has the run's name."""
    out = tmp_path_factory.mktemp("one") / "mlp"
    return fit(pen_dataset(**IMAGES), RUNS["mlp"], out).parent


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """The output folders of all runs on two."""
    out = tmp_path_factory.mktemp("two")
    runs = json.dumps({name: settings.to_json() for name, settings in RUNS.items()})
    command = [sys.executable, "-c", TWO_DEVICES, str(out), json.dumps(IMAGES), runs]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return out


def history(out):
    with (out / "training" / "history.csv").open(newline="") as file:
        return [{name: float(value) for name, value in line.items()} for line in csv.DictReader(file)]


def test_two_devices_measure_what_one_does(one, two):
    assert len(history(one)) == 3
    for ours, theirs in zip(history(one), history(two / one.name), strict=True):
        assert ours == pytest.approx(theirs, rel=1e-4)


def test_two_devices_learn_the_weights_that_one_does(one, two):
    models = [load_model(path / "model.h5") for path in (one, two / one.name)]
    for ours, theirs in zip(*(model.get_weights() for model in models), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-4)


def test_two_devices_share_normalised_pictures(two):
    lines = history(two / "cnn")
    assert len(lines) == 2
    assert np.isfinite([list(line.values()) for line in lines]).all()
    assert lines[1]["loss"] < lines[0]["loss"]


def test_the_model_of_two_devices_is_an_ordinary_one(two):
    import keras

    loaded = keras.saving.load_model(two / "cnn" / "model.h5")
    assert loaded.distribute_strategy.num_replicas_in_sync == 1
    assert loaded.optimizer.iterations.numpy() == RUNS["cnn"].epochs * (367 // 32)
    predictions = loaded(np.zeros((1, 28, 28, 1), np.float32))
    assert float(np.sum(predictions)) == pytest.approx(1)


def test_devices_are_as_many_as_share_every_batch_evenly(two):
    assert json.loads((two / "replicas.json").read_text()) == {"32, 33": 2, "33, 33": 1, "32, 5": 1}
