"""Recognize what isn't a Keras model by its first bytes or its members, and name the way out."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

HDF5, ZIP = b"\x89HDF\r\n\x1a\n", b"PK\x03\x04"
HEAD_BYTES = 4096

ORIGINAL = "use the Keras model that it was made from"
SAVE = "model.save('model.keras')"
UNPACK = "unpack it and use the .h5 or .keras in it"


class Foreign(NamedTuple):
    """What a file is instead of a model, and how to get to one."""

    found: str
    way_out: str


class _Kind(NamedTuple):
    matches: Callable[[bytes, Path], bool]
    foreign: Foreign


def _begins(*starts: bytes) -> Callable[[bytes, Path], bool]:
    return lambda head, _: head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(starts)


def _is(*starts: bytes) -> Callable[[bytes, Path], bool]:
    return lambda head, _: head.startswith(starts)


def _named(suffix: str) -> Callable[[bytes, Path], bool]:
    return lambda _, path: path.name.lower().endswith(suffix)


def _is_json_with(*words: bytes) -> Callable[[bytes, Path], bool]:
    return lambda head, _: head.lstrip().startswith(b"{") and any(word in head for word in words)


KINDS = (
    _Kind(
        _is(b"version https://git-lfs"),
        Foreign("a Git LFS pointer instead of the file", "fetch the file with: git lfs pull"),
    ),
    _Kind(
        _begins(b"<!doctype html", b"<html", b"<head"),
        Foreign(
            "a web page, perhaps one to sign in", "open the link in a browser and download the file itself"
        ),
    ),
    _Kind(lambda head, _: head[4:8] == b"TFL3", Foreign("a TFLite model, already exported", ORIGINAL)),
    _Kind(
        _is_json_with(b'"layers-model"', b'"modelTopology": {"class_name"', b'"modelTopology":{"class_name"'),
        Foreign(
            "a TensorFlow.js layers model",
            "convert it back in an environment of its own of Python 3.11: pip install tensorflowjs==4.22.0 "
            "tensorflow==2.19.0 ydf==0.11.0 'setuptools<67.5', then tensorflowjs_converter "
            "--input_format=tfjs_layers_model --output_format=keras model.json model.h5",
        ),
    ),
    _Kind(
        _is_json_with(b'"graph-model"', b'"modelTopology"', b'"weightsManifest"'),
        Foreign("a TensorFlow.js model, already exported", ORIGINAL),
    ),
    _Kind(
        _is_json_with(b'"class_name"'),
        Foreign(
            "a model's configuration without weights",
            "build it in Python with keras.models.model_from_json(), give it its weights with "
            f"model.load_weights(), then {SAVE}",
        ),
    ),
    _Kind(
        _is(b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."),  # torch/serialization.py, MAGIC_NUMBER
        Foreign("a PyTorch model", f"build it in Keras, give it its weights, then {SAVE}"),
    ),
    _Kind(
        lambda head, _: head[:1] == b"\x80" and head[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"),
        Foreign("a Python pickle, which is never read", f"load it in the Python that made it, then {SAVE}"),
    ),
    _Kind(
        lambda head, _: head[8:10] == b'{"' and int.from_bytes(head[:8], "little") < 2**32,
        Foreign(
            "a safetensors file, which is weights only", f"build the model in Keras, load them, then {SAVE}"
        ),
    ),
    _Kind(_named(".onnx"), Foreign("an ONNX model", ORIGINAL)),
    _Kind(
        lambda head, _: head[:1] == b"\x08" and head[2:3] == b"\x12" and head[1] > 1 and b"\x3a" in head[4:],
        Foreign("an ONNX model", ORIGINAL),
    ),
    _Kind(
        lambda _, path: path.name in ("saved_model.pb", "keras_metadata.pb"),
        Foreign("a part of a SavedModel", "call this with its folder, which names the way out"),
    ),
    _Kind(_named(".pb"), Foreign("a TensorFlow graph, which has no layers", ORIGINAL)),
    _Kind(
        lambda _, path: path.suffix == ".index" or ".data-0" in path.name,
        Foreign(
            "weights only (a TensorFlow checkpoint)",
            f"build the model in Python as it was, call model.load_weights('{{name}}'), then {SAVE}",
        ),
    ),
    _Kind(_is(b"\x93NUMPY"), Foreign("a NumPy array", "use the model itself; arrays are for --data")),
    _Kind(_is(b"\x89PNG", b"\xff\xd8\xff", b"GIF8"), Foreign("a picture", "give the model's file")),
    _Kind(
        _is(b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd"),
        Foreign("a compressed file", UNPACK),
    ),
    _Kind(lambda head, _: head[257:262] == b"ustar", Foreign("a tar archive", UNPACK)),
)


def recognize(head: bytes, path: Path) -> Foreign | None:
    """What a file is that isn't HDF5 or a zip archive.

    Args:
        head: Its first `HEAD_BYTES` bytes.
        path: Where it is; only its name is looked at.

    Returns:
        What it is; None if it is nothing known.
    """
    return next((kind.foreign for kind in KINDS if kind.matches(head, path)), None)


def recognize_archive(members: Iterable[str]) -> Foreign | None:
    """What a zip archive is that isn't a `.keras`.

    Args:
        members: The names of its members.

    Returns:
        What it is; None for a `.keras`.
    """
    names = [Path(member) for member in members]
    files = {name.name for name in names}
    if Path("config.json") in names and Path("model.weights.h5") in names:
        return None
    if "data.pkl" in files:
        return Foreign("a PyTorch model", f"build it in Keras, give it its weights, then {SAVE}")
    if {"config.json", "model.weights.h5"} <= files:
        return Foreign(
            "a .keras whose files lie in a folder of the archive",
            "unpack it and pack the files: python -m zipfile -c model.keras config.json metadata.json "
            "model.weights.h5",
        )
    if models := sorted(str(name) for name in names if name.suffix in (".h5", ".keras", ".hdf5")):
        return Foreign(f"a zip archive with {models[0][:80]} in it", "unpack it and use that file")
    if "saved_model.pb" in files:
        return Foreign("a zip archive of a SavedModel", "unpack it and call this with its folder")
    if files and all(name.suffix == ".npy" for name in names):
        return Foreign("an .npz of arrays", "give it as --data, and the model as --model")
    return Foreign("a zip archive of something else", UNPACK)


def recognize_folder(folder: Path) -> Foreign:
    """What a folder is, by the files in it."""
    if (folder / "keras_metadata.pb").exists():
        return Foreign(
            "a SavedModel of Keras 2",
            'convert it with tf_keras (pip install tf_keras): python -c "import tf_keras; '
            f"tf_keras.models.load_model('{folder}').save('model.h5')\"",
        )
    if (folder / "saved_model.pb").exists():
        return Foreign("a SavedModel, a graph without layers", f"in the program that made it, call {SAVE}")
    if (folder / "config.json").exists() and (folder / "model.weights.h5").exists():
        files = " ".join(f"{folder / name}" for name in ("config.json", "metadata.json", "model.weights.h5"))
        return Foreign("an unpacked .keras", f"pack it: python -m zipfile -c model.keras {files}")
    if models := sorted(file for file in folder.iterdir() if file.suffix in (".h5", ".keras", ".hdf5")):
        return Foreign(f"a folder with {models[0].name} in it", f"use {models[0]}")
    if (folder / "model.json").exists():
        return Foreign("the folder of a TensorFlow.js model", f"call this with {folder / 'model.json'}")
    return Foreign("a folder", "give the model's file")
