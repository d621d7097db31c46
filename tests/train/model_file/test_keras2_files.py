"""Files by Keras 2: each predicts what Keras 2 predicted with it."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.often import often
from train.errors import ModelError
from train.model_file.model_file import load_model

pytestmark = pytest.mark.integration

OFTEN = (
    "teachable machine",
    "transfer",
    "backbone frozen in part",
    "called twice",
    "operators",
    "attention",
    "LSTM",
    "mixed precision",
    "convolutions",
    "preprocessing",
    "hard sigmoids",
)
SELDOM = (
    "slashes",
    "transfer in inference",
    "frozen backbone",
    "preprocessed as ResNet",
    "GRU",
    "bidirectional",
    "cells",
    "time distributed",
    "convolutional LSTM",
    "activations",
)
LARGE = "MobileNetV3", "EfficientNet"
SCRIPT = Path(__file__).with_name("keras2_models.py")
# Half a step of float16 near 1.
TOLERANCES = {"mixed precision": 2**-11}
# Keras 2 itself can't save an ellipsis in a .keras, and its weights there go by class.
H5_ONLY = {"operators", "preprocessed as ResNet", "hard sigmoids"}


Folders = Callable[[Sequence[str]], Path]


@pytest.fixture(scope="module")
def folder_of(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """The folder with models of these names, which Keras 2 saves all at once."""
    return cache(lambda names: saved_by_keras_2(names, tmp_path_factory.mktemp("keras2")))


def saved_by_keras_2(names: Sequence[str], folder: Path) -> Path:
    command = [sys.executable, str(SCRIPT), str(folder), *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {path.stem for path in folder.glob("*.npz")} == set(names)
    return folder


@pytest.mark.parametrize("suffix", often([".h5", ".keras"], lambda suffix: suffix == ".h5"))
@pytest.mark.parametrize("name", often(OFTEN + SELDOM, OFTEN.__contains__))
def test_its_predictions_are_those_of_keras_2(name: str, suffix: str, folder_of: Folders) -> None:
    if suffix == ".keras" and name in H5_ONLY:
        pytest.skip("not in this format")
    assert_same_predictions(name, suffix, folder_of(OFTEN if name in OFTEN else SELDOM))


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_so_are_those_of_large_ones(name: str, tmp_path: Path) -> None:
    saved_by_keras_2([name], tmp_path)
    for suffix in (".h5", ".keras"):
        assert_same_predictions(name, suffix, tmp_path)


def assert_same_predictions(name: str, suffix: str, folder: Path) -> None:
    made = np.load(folder / f"{name}.npz")
    before = (folder / f"{name}{suffix}").read_bytes()
    predictions = load_model(folder / f"{name}{suffix}").predict(made["pictures"], verbose=0)
    scale = max(1, np.abs(made["predictions"]).max())
    assert np.abs(predictions - made["predictions"]).max() < TOLERANCES.get(name, 1e-5) * scale
    assert np.ptp(made["predictions"]) > 0.05  # so that a wrong weight would show
    assert (folder / f"{name}{suffix}").read_bytes() == before


def test_a_layer_that_keras_3_lacks_is_named_with_a_way_out(folder_of: Folders) -> None:
    with pytest.raises(ModelError, match=r"'LocallyConnected2D', which isn't one of Keras 3\.") as caught:
        load_model(folder_of(OFTEN) / "locally connected.h5")
    assert "train the model without it" in str(caught.value)
    assert "\n" not in str(caught.value)
