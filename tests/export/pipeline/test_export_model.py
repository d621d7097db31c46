"""`from export import export_model`: a live model and arrays in, what the command writes out."""

import inspect
import json
from pathlib import Path

import numpy as np
import pytest

import export
from export import export_model
from export.errors import DataError, ModelError, UnknownTargetError
from export.manifest import Manifest, verify
from tests.export.reference.bars import CLASSES, SIDE, bars
from train.console.quiet import import_tensorflow

import_tensorflow()
import keras  # noqa: E402  after its start-up messages
from keras import layers  # noqa: E402

pytestmark = pytest.mark.integration

PICTURES, LABELS = bars(900)
TRAIN, TEST = (PICTURES[:600], LABELS[:600]), (PICTURES[600:], LABELS[600:])
ONE = ["tflite-float32"]


class Halved(layers.Layer):
    """A layer of the caller's own."""

    def call(self, given: keras.KerasTensor) -> keras.KerasTensor:
        return given / 2


@pytest.fixture(scope="module")
def model() -> keras.Model:
    """Trained on pixels divided by 255, as in a course, with a layer of its own."""
    keras.utils.set_random_seed(0)
    head = [layers.Flatten(), layers.Dense(32, activation="relu"), Halved(), layers.Dense(CLASSES)]
    model = keras.Sequential([keras.Input((SIDE, SIDE)), *head])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(3e-3), loss)
    model.fit(TRAIN[0][..., 0] / 255, TRAIN[1], epochs=15, verbose=0)
    return model


def test_the_public_names_are_these() -> None:
    assert export.__all__ == ["display_page", "display_report", "export_model"]
    assert [*inspect.signature(export_model).parameters] == [
        *("model", "train", "test", "data", "out", "targets", "scale", "labels", "output"),
        "name",
        "author",
        "license",
        "skip_unsupported",
    ]


def test_a_live_model_with_a_layer_of_its_own_is_proven(model: keras.Model, tmp_path: Path) -> None:
    names = ["east", "north-east", "north", "north-west"]
    floats = tuple((x[..., 0] / np.float32(255), np.eye(CLASSES)[y]) for x, y in (TRAIN, TEST))
    manifest = export_model(model, *floats, out=tmp_path / "out", targets=ONE, labels=names)
    assert isinstance(manifest, Manifest)
    assert manifest.target_names == ONE
    (parity,) = (target["parity"] for target in manifest.targets)
    assert parity["passed"]
    assert manifest.reference["accuracy"] > 0.95
    about = manifest.model
    assert (about["takes"], about["scale"], about["gives"]) == ([SIDE, SIDE], "0..1", "logits")
    assert about["labels"] == names
    assert verify(tmp_path / "out") > 3


def test_the_exported_model_takes_raw_pixels(model: keras.Model, tmp_path: Path) -> None:
    from ai_edge_litert.interpreter import Interpreter

    export_model(model, TRAIN, TEST, out=tmp_path, targets=ONE)
    interpreter = Interpreter(str(tmp_path / "tflite/float32.tflite"))
    (given,), (found,) = interpreter.get_input_details(), interpreter.get_output_details()
    interpreter.resize_tensor_input(given["index"], TEST[0].shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(given["index"], TEST[0].astype(np.float32))
    interpreter.invoke()
    logits = model.predict(TEST[0][..., 0] / np.float32(255), verbose=0)
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(interpreter.get_tensor(found["index"]), expected, atol=1e-5)


def test_one_split_and_a_file_will_do(model: keras.Model, tmp_path: Path) -> None:
    np.savez(tmp_path / "data.npz", x=PICTURES, y=LABELS + 1)
    for given in ({"train": (PICTURES, LABELS)}, {"data": tmp_path / "data.npz"}):
        manifest = export_model(model, **given, out=tmp_path / "out", targets=ONE)
        assert manifest.dataset["samples"] > 100
    assert manifest.model["labels"] == ["1", "2", "3", "4"]


def test_without_data_the_accuracy_is_unproven(model: keras.Model, tmp_path: Path) -> None:
    manifest = export_model(model, data="noise", out=tmp_path, targets=ONE, scale="0..1")
    assert manifest.reference["accuracy"] is None
    assert manifest.dataset["labelled"] is False
    for name in ("report.html", "report.md"):
        assert "unproven" in (tmp_path / name).read_text()
    assert json.loads((tmp_path / "manifest.json").read_text())["reference"]["accuracy"] is None


def test_errors_are_exceptions_that_say_what_to_do(model: keras.Model, tmp_path: Path) -> None:
    with pytest.raises(UnknownTargetError, match=r"expected one of tfjs-graph, .*found onnx"):
        export_model(model, TRAIN, TEST, out=tmp_path, targets=["onnx"])
    with pytest.raises(DataError, match="pair them up"):
        export_model(model, (PICTURES, LABELS[:5]), TEST, out=tmp_path, targets=ONE)
    with pytest.raises(ModelError, match="expected a model for pictures of shape"):
        export_model(model, (PICTURES[:, 1:], LABELS), TEST[:0] or None, out=tmp_path, targets=ONE)
    assert not (tmp_path / "manifest.json").exists()
