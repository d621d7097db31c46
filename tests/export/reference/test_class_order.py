"""A model that numbers its classes otherwise than the dataset is found out, and the remedy works."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from export.errors import ModelError
from export.reference.class_order import demand_same_order
from tests.export.command_line import complaint, run
from tests.export.reference.bars import CLASSES, SIDE, bars
from train.console.quiet import import_tensorflow

import_tensorflow()
import keras  # noqa: E402  after its start-up messages
from keras import layers  # noqa: E402

LABELS = np.arange(80, dtype=np.uint8) % 4
RIGHT = np.eye(4, dtype=np.float32)[LABELS]
NAMES = ("ant", "bee", "cat", "dog")
TURNED = RIGHT[:, [2, 3, 0, 1]]  # the first output is that of the dataset's third class


def test_the_order_that_suits_the_model_is_named() -> None:
    with pytest.raises(ModelError, match=r"found them as cat, dog, ant, bee: .* name it with --labels"):
        demand_same_order([RIGHT * 0, TURNED], LABELS, NAMES)


def test_two_exchanged_classes_are_an_order() -> None:
    with pytest.raises(ModelError, match="found them as bee, ant, cat, dog"):
        demand_same_order([RIGHT[:, [1, 0, 2, 3]]], LABELS, NAMES)


def test_classes_without_names_are_renumbered() -> None:
    with pytest.raises(ModelError, match=r"as 2, 3, 0, 1: .* class 0 is the dataset's 2"):
        demand_same_order([TURNED], LABELS, None)


@pytest.mark.parametrize(
    ("predictions", "labels", "names"),
    [
        pytest.param(RIGHT, LABELS, NAMES, id="the same order"),
        pytest.param(
            np.where(LABELS[:, None] == 0, RIGHT[1], RIGHT), LABELS, NAMES, id="a class always missed"
        ),
        pytest.param(
            np.roll(RIGHT, 3, axis=0)[np.random.default_rng(0).permutation(80)], LABELS, NAMES, id="guesses"
        ),
        pytest.param(TURNED[:30], LABELS[:30], NAMES, id="few pictures"),
        pytest.param(TURNED, LABELS, (*NAMES, "eel"), id="other classes"),
    ],
)
def test_nothing_else_is_taken_for_another_order(predictions: Any, labels: Any, names: Any) -> None:
    demand_same_order([predictions], labels, names)


@pytest.mark.integration
def test_the_remedy_works(tmp_path: Path) -> None:
    pictures, classes = bars(900)
    keras.utils.set_random_seed(0)
    flat = [keras.Input((SIDE, SIDE, 1)), layers.Flatten(), layers.Dense(16, activation="relu")]
    model = keras.Sequential([*flat, layers.Dense(CLASSES, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(pictures / 255, classes, epochs=20, verbose=0)
    model.save(tmp_path / "model.keras")
    order = ["cat", "dog", "ant", "bee"]
    names = np.array(order)[classes]
    data: dict[str, Any] = {
        "x_train": pictures[:600],
        "y_train": names[:600],
        "x_test": pictures[600:],
        "y_test": names[600:],
    }
    np.savez(tmp_path / "data.npz", **data)
    command = [
        "export",
        "all",
        "--model",
        "model.keras",
        "--data",
        "data.npz",
        "--out",
        "out",
        "--target",
        "tflite-float32",
    ]
    assert "as cat, dog, ant, bee: write" in complaint(run(*command, cwd=tmp_path))
    (tmp_path / "labels.txt").write_text("\n".join(order), encoding="utf-8")
    done = run(*command, "--labels", "labels.txt", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "numbered in the order of the names given" in done.stderr
    checked = run("export", "check", "--data", "data.npz", "--out", "out", cwd=tmp_path)
    assert checked.returncode == 0, checked.stderr
