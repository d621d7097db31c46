"""Files that aren't a Keras model: each is named, with a way out, in one line."""

import gzip
import pickle
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import h5py
import pytest

from train.console.quiet import import_tensorflow, quiet
from train.errors import ModelError
from train.model_file.model_file import load_model

import_tensorflow()
import keras  # noqa: E402  after its start-up messages

HEADS = {
    "pointer.h5": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n",
        "Git LFS pointer",
        "git lfs pull",
    ),
    "page.h5": (b"\n <!DOCTYPE html><html>", "a web page", "download the file itself"),
    "page.keras": (b"<HTML><head>", "a web page", "download the file itself"),
    "m.tflite": (b"\x1c\0\0\0TFL3\x14\0", "a TFLite model", "the Keras model that it was made from"),
    "tflite.h5": (b"\x1c\0\0\0TFL3\x14\0", "a TFLite model", "the Keras model that it was made from"),
    "model.json": (
        b'{"format": "layers-model", "modelTopology": {',
        "layers model",
        "tensorflowjs_converter",
    ),
    "graph.json": (b'{"format": "graph-model", "modelTopology": {', "TensorFlow.js model", "the Keras model"),
    "config.json": (b'{"class_name": "Sequential"', "without weights", "model_from_json"),
    "m.onnx": (b"\x08\x07\x12\x07pytorch:\xc4", "an ONNX model", "the Keras model"),
    "onnx.h5": (b"\x08\x07\x12\x07pytorch\x1a\x031.0:\xc4", "an ONNX model", "the Keras model"),
    "m.pth": (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80", "a PyTorch model", "build it in Keras"),
    "m.joblib": (pickle.dumps({}), "a Python pickle, which is never read", "model.save('model.keras')"),
    "frozen.pb": (b"\n\x10\n\x01x", "a TensorFlow graph", "the Keras model"),
    "saved_model.pb": (b"\x08\x01\x12\x10", "a part of a SavedModel", "with its folder"),
    "ckpt.index": (b"\0\0\0", "weights only", "load_weights"),
    "m.h5.gz": (gzip.compress(b"x"), "a compressed file", "unpack it"),
    "m.safetensors": (b"\x40\0\0\0\0\0\0\0" + b'{"a": {}', "a safetensors file", "build the model in Keras"),
}


def save(path: Path) -> Path:
    layers = [keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(3, activation="softmax")]
    with quiet():
        keras.Sequential(layers).save(path)
    return path


def refused(path: Path) -> str:
    with pytest.raises(ModelError) as caught:
        load_model(path)
    message = str(caught.value)
    assert "\n" not in message
    assert path.name in message
    return message


@pytest.mark.parametrize("name", HEADS)
def test_a_foreign_file(name: str, tmp_path: Path) -> None:
    head, found, way_out = HEADS[name]
    (tmp_path / name).write_bytes(head + bytes(500))
    message = refused(tmp_path / name)
    assert found in message
    assert way_out in message


def rename(old: str, new: str) -> Callable[[Path], Path]:
    return lambda folder: save(folder / old).rename(folder / new)


@pytest.mark.parametrize(
    ("old", "new"), [("m.h5", "a.keras"), ("m.keras", "a.h5"), ("m.h5", "model"), ("m.keras", "a.zip")]
)
def test_another_name_is_named_and_helps(old: str, new: str, tmp_path: Path) -> None:
    path = save(tmp_path / old).rename(tmp_path / new)
    message = refused(path)
    *_, proposed = message.split()
    assert load_model(path.rename(tmp_path / proposed)).count_params() == 195


@pytest.mark.parametrize("extra", ["__MACOSX/._config.json", ".DS_Store", "assets/"])
def test_a_keras_file_that_a_zip_program_packed_is_loaded(extra: str, tmp_path: Path) -> None:
    path = repacked(save(tmp_path / "m.keras"), "", extra)
    assert load_model(path).count_params() == 195


def test_a_keras_file_packed_with_its_folder(tmp_path: Path) -> None:
    assert "files lie in a folder" in refused(repacked(save(tmp_path / "m.keras"), "model/", "model/"))


def repacked(source: Path, prefix: str, extra: str) -> Path:
    path = source.with_stem("repacked")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(prefix + name, old.read(name))
        new.writestr(extra, b"")
    return path


@pytest.mark.parametrize(
    ("member", "found"),
    [
        ("keras_model.h5", "with keras_model.h5 in it: unpack it"),  # Teachable Machine's download
        ("archive/data.pkl", "a PyTorch model"),
        ("x/saved_model.pb", "a zip archive of a SavedModel"),
        ("x_train.npy", "give it as --data"),
        ("letter.txt", "a zip archive of something else"),
    ],
)
@pytest.mark.parametrize("name", ["m.zip", "m.keras", "m.h5"])
def test_a_zip_archive_of_something_else(name: str, member: str, found: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        archive.writestr(member, b"x")
    assert found in refused(tmp_path / name)


@pytest.mark.parametrize("name", ["m.weights.h5", "m.h5"])
def test_weights_only(name: str, tmp_path: Path) -> None:
    if name == "m.weights.h5":
        load_model(save(tmp_path / "whole.keras")).save_weights(tmp_path / name)
    else:
        with h5py.File(save(tmp_path / name), "a") as file:
            del file.attrs["model_config"]
    message = refused(tmp_path / name)
    assert f"weights only: build the model in Python as it was, call model.load_weights('{name}')" in message


def test_an_hdf5_file_of_something_else(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "m.h5", "w") as file:
        file["x"] = [1, 2]
    assert "an HDF5 file of something else" in refused(tmp_path / "m.h5")


def test_an_unpacked_keras_file_and_its_way_back(tmp_path: Path) -> None:
    with zipfile.ZipFile(save(tmp_path / "m.keras")) as archive:
        archive.extractall(tmp_path / "unpacked")
    message = refused(tmp_path / "unpacked")
    command = message.split("pack it: python ")[1].split()
    subprocess.run([sys.executable, *command], cwd=tmp_path, check=True)
    assert load_model(tmp_path / "model.keras").count_params() == 195


def test_a_saved_model(tmp_path: Path) -> None:
    model = load_model(save(tmp_path / "m.keras"))
    with quiet():
        model.export(tmp_path / "saved")
    assert "a SavedModel, a graph without layers: in the program" in refused(tmp_path / "saved")


@pytest.mark.integration
def test_a_saved_model_of_keras_2_and_its_way_back(tmp_path: Path) -> None:
    program = (
        "import tf_keras as k; m = k.Sequential([k.layers.Input((8, 8, 1)), k.layers.Flatten(), "
        f"k.layers.Dense(3)]); m.save({str(tmp_path / 'saved')!r})"
    )
    subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    command = refused(tmp_path / "saved").split('(pip install tf_keras): python -c "')[1].rstrip('"')
    subprocess.run([sys.executable, "-c", command], cwd=tmp_path, capture_output=True, check=True)
    assert load_model(tmp_path / "model.h5").count_params() == 195


def test_a_folder_with_a_model(tmp_path: Path) -> None:
    save(tmp_path / "m.keras")
    assert f"use {tmp_path / 'm.keras'}" in refused(tmp_path)
    shutil.rmtree(tmp_path)
    tmp_path.mkdir()
    assert "found a folder" in refused(tmp_path)


@pytest.mark.parametrize("suffix", [".h5", ".keras"])
def test_a_model_that_keras_has_quantized(suffix: str, tmp_path: Path) -> None:
    model = load_model(save(tmp_path / "m.keras"))
    with quiet():
        model.quantize("int8")
        model.save(tmp_path / f"q{suffix}")
    message = refused(tmp_path / f"q{suffix}")
    assert "custom" not in message
    assert "as it was before model.quantize()" in message
