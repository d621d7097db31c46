"""Shipped `.tflite` files, read by others than the code that writes them."""

import io
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import flatbuffers
import keras
import numpy as np
import pytest
import tflite
from ai_edge_litert.compiled_model import CompiledModel
from ai_edge_litert.hardware_accelerator import HardwareAccelerator
from ai_edge_litert.interpreter import Interpreter

from export.manifest import read_manifest
from export.target import Description, Source
from export.targets._tflite import converted
from export.targets._tflite_shipped import shipped
from export.targets.tflite_int8 import TARGET as INT8
from train.contract import InputContract

VARIANTS = ("dynamic", "float16", "float32", "int16x8", "int8", "integer-only")
Numbers = np.ndarray[Any, Any]
layers = keras.layers


@pytest.fixture(params=VARIANTS)
def variant(request: pytest.FixtureRequest, built: Path) -> bytes:
    """A file that the export has made of the trained model."""
    return (built / f"tflite/{request.param}.tflite").read_bytes()


def tensors(content: bytes) -> list[Any]:
    graph = tflite.Model.GetRootAs(content, 0).Subgraphs(0)
    return [graph.Tensors(place) for place in range(graph.TensorsLength())]


def is_constant(content: bytes, tensor: Any) -> bool:
    return bool(tflite.Model.GetRootAs(content, 0).Buffers(tensor.Buffer()).DataLength())


def test_it_takes_one_picture_and_has_readable_names(variant: bytes) -> None:
    for tensor in tensors(variant):
        sizes = [tensor.ShapeSignature(axis) for axis in range(tensor.ShapeSignatureLength())]
        assert -1 not in sizes, tensor.Name()
    named = {tensor.Name() for tensor in tensors(variant) if is_constant(variant, tensor)}
    assert named == {b""}
    signature = Interpreter(model_content=variant).get_signature_runner("serving_default")
    (given,), (answer,) = signature.get_input_details().items(), signature.get_output_details().items()
    assert (given[0], answer[0]) == ("image", "probabilities")
    assert (given[1]["name"], answer[1]["name"]) == ("image", "probabilities")
    assert (given[1]["shape"].tolist(), answer[1]["shape"].tolist()) == ([1, 28, 28, 1], [1, 10])


def test_the_c_interface_runs_it_as_it_is(variant: bytes, built: Path, tmp_path: Path) -> None:
    path = tmp_path / "model.tflite"
    path.write_bytes(variant)
    model = CompiledModel.from_file(str(path), hardware_accel=HardwareAccelerator.CPU)
    given, answers = model.create_input_buffers(0), model.create_output_buffers(0)
    interpreter = Interpreter(model_content=variant)
    interpreter.allocate_tensors()
    (taken,), (gives,) = interpreter.get_input_details(), interpreter.get_output_details()
    picture = noise(1, (28, 28, 1)).astype(taken["dtype"])
    interpreter.set_tensor(taken["index"], picture)
    interpreter.invoke()
    given[0].write(picture)
    model.run_by_index(0, given, answers)
    np.testing.assert_array_equal(
        answers[0].read(10, gives["dtype"]), interpreter.get_tensor(gives["index"])[0]
    )


def test_several_pictures_are_run_after_resizing(variant: bytes) -> None:
    some = noise(3, (28, 28, 1))
    one_by_one = np.concatenate([predictions(variant, one[None]) for one in some])
    np.testing.assert_array_equal(predictions(variant, some), one_by_one)


def test_buffers_lie_where_the_schema_demands(variant: bytes) -> None:
    model = tflite.Model.GetRootAs(variant, 0)
    for place in range(model.BuffersLength()):
        buffer = model.Buffers(place)
        if buffer.DataLength():
            field = buffer._tab.Offset(4)
            assert buffer._tab.Vector(field) % 16 == 0, place


def test_the_description_is_read_by_others(variant: bytes) -> None:
    model = tflite.Model.GetRootAs(variant, 0)
    entries = [model.Metadata(place) for place in range(model.MetadataLength())]
    (entry,) = [one for one in entries if one.Name() == b"TFLITE_METADATA"]
    content = model.Buffers(entry.Buffer()).DataAsNumpy().tobytes()
    assert flatbuffers.util.BufferHasIdentifier(content, 0, b"M001")
    for text in (
        b"digits classifier",
        b"not stated",
        b"28 rows of 28 pixels",
        b"probabilities",
        b"labels.txt",
    ):
        assert text in content
    with zipfile.ZipFile(io.BytesIO(variant)) as archive:
        assert archive.namelist() == ["labels.txt"]
        assert archive.read("labels.txt").decode().split() == list("0123456789")
        assert archive.testzip() is None


def test_the_manifest_lists_the_operations(built: Path) -> None:
    for entry in read_manifest(built).targets:
        if not entry["name"].startswith("tflite"):
            assert "operations" not in entry
            continue
        content = (built / entry["files"][0]["path"]).read_bytes()
        model = tflite.Model.GetRootAs(content, 0)
        graph = model.Subgraphs(0)
        codes = [graph.Operators(place).OpcodeIndex() for place in range(graph.OperatorsLength())]
        found = Counter(
            (tflite.opcode2name(model.OperatorCodes(code).BuiltinCode()), model.OperatorCodes(code).Version())
            for code in codes
        )
        assert {(one["name"], one["version"]): one["count"] for one in entry["operations"]} == found
        assert model.OperatorCodesLength() == len(set(codes))
        assert not {"CUSTOM", "SHAPE", "PACK"} & {name for name, _ in found}


@pytest.fixture(scope="module")
def flat(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """A model with Flatten, whose shape the converter computes from the batch."""
    stack = [layers.Conv2D(3, 3), layers.Flatten(), layers.Dense(4), layers.Softmax()]
    model = keras.Sequential([keras.Input((8, 8, 1)), *stack])
    folder = tmp_path_factory.mktemp("flat") / "saved"
    contract = InputContract.scaled_to((8, 8, 1), 4)
    about = Description("Shapes", "7", "Jane Doe", "MIT", contract)
    return Source(model, folder, noise(20, (8, 8, 1)), about)


@pytest.mark.parametrize("options", [{}, {"operations": "TFLITE_BUILTINS_INT8"}], ids=["dynamic", "int8"])
def test_predictions_stay_the_same_bit_by_bit(flat: Source, options: dict[str, str], tmp_path: Path) -> None:
    bare = converted(flat, tmp_path / "bare.tflite", **options)
    finished = shipped(bare, flat.description)
    names = {"SHAPE", "STRIDED_SLICE", "PACK"}
    assert names <= operation_names(bare)
    assert not names & operation_names(finished)
    for count in (1, 5):
        some = noise(count, (8, 8, 1))
        np.testing.assert_array_equal(predictions(finished, some), predictions(bare, some))


def test_the_same_arguments_give_the_same_bytes(flat: Source, tmp_path: Path) -> None:
    bare = converted(flat, tmp_path / "bare.tflite")
    assert shipped(bare, flat.description) == shipped(bare, flat.description)


def test_it_says_whose_it_is(flat: Source, tmp_path: Path) -> None:
    INT8.convert(flat, tmp_path / "int8.tflite")
    content = (tmp_path / "int8.tflite").read_bytes()
    for text in (b"Shapes", b"Jane Doe", b"MIT"):
        assert text in content


def noise(count: int, shape: tuple[int, int, int]) -> Numbers:
    return np.random.default_rng(1).integers(0, 256, (count, *shape)).astype(np.uint8)


def operation_names(content: bytes) -> set[str]:
    model = tflite.Model.GetRootAs(content, 0)
    kinds = [model.OperatorCodes(place) for place in range(model.OperatorCodesLength())]
    return {tflite.opcode2name(kind.BuiltinCode()) for kind in kinds}


def predictions(content: bytes, batch: Numbers) -> Numbers:
    interpreter = Interpreter(model_content=content, num_threads=1)
    (given,) = interpreter.get_input_details()
    interpreter.resize_tensor_input(given["index"], batch.shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(given["index"], batch.astype(given["dtype"]))
    interpreter.invoke()
    found: Numbers = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    return found
