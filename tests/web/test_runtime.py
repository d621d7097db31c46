"""The built runtime: only what a model needs, and what it predicts."""

import base64
import hashlib
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

HERE = Path(__file__).parent
OPS = ["Placeholder", "Const", "Reshape", "_FusedMatMul", "Softmax", "Identity"]
SHAPE, CLASSES = (2, 3, 1), 4
RNG = np.random.default_rng(7)
KERNEL = RNG.normal(size=(6, CLASSES)).astype(np.float32)
BIAS = RNG.normal(size=CLASSES).astype(np.float32)

Build = Callable[..., subprocess.CompletedProcess[str]]
Ask = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def build(node: Ask, web: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Builds the runtime for a list of ops into a folder."""

    def run(ops: Any, out: Path, backend: str = "cpu") -> subprocess.CompletedProcess[str]:
        file = tmp_path_factory.mktemp("ops") / "ops.json"
        file.write_text(ops if isinstance(ops, str) else json.dumps(ops), encoding="utf-8")
        return node(web / "build/runtime.mjs", out, backend, *([] if backend == "plain" else [file]))

    return run


@pytest.fixture(scope="module", params=["plain", "cpu"])
def runtime(request: pytest.FixtureRequest, build: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runtime, built for the small model below: the page's own, and TensorFlow.js."""
    out = tmp_path_factory.mktemp("page") / "not" / "there yet"
    done = build(OPS, out, request.param)
    assert done.returncode == 0, done.stderr
    [file] = out.iterdir()  # and nothing else
    return file


@pytest.fixture
def ask(node: Ask, runtime: Path, tmp_path: Path) -> Ask:
    """Gives pictures to a model in the built runtime, in Node."""

    def run(model: dict[str, Any], weights: bytes, pictures: NDArray[np.float32]) -> Any:
        question = {
            "modelJson": model,
            "weights": base64.b64encode(weights).decode(),
            "pixels": pictures.ravel().tolist(),
            "count": len(pictures),
        }
        file = tmp_path / "question.json"
        file.write_text(json.dumps(question), encoding="utf-8")
        return node(HERE / "predict.mjs", runtime, file)

    return run


def graph_model(quantization: dict[str, Any] | None = None) -> dict[str, Any]:
    """A dense softmax layer over a picture, as tensorflowjs writes it."""

    def shape(*sides: int) -> dict[str, Any]:
        return {"shape": {"dim": [{"size": str(side)} for side in sides]}}

    def const(name: str, dtype: str = "DT_FLOAT") -> dict[str, Any]:
        return {"name": name, "op": "Const", "attr": {"dtype": {"type": dtype}}}

    floats = {"T": {"type": "DT_FLOAT"}}
    fused = {"list": {"s": [base64.b64encode(b"BiasAdd").decode()]}}
    nodes = [
        {
            "name": "image",
            "op": "Placeholder",
            "attr": {"dtype": {"type": "DT_FLOAT"}, "shape": shape(-1, *SHAPE)},
        },
        const("flat", "DT_INT32"),
        const("kernel"),
        const("bias"),
        {"name": "row", "op": "Reshape", "input": ["image", "flat"], "attr": floats},
        {
            "name": "logits",
            "op": "_FusedMatMul",
            "input": ["row", "kernel", "bias"],
            "attr": floats | {"fused_ops": fused, "num_args": {"i": "1"}},
        },
        {"name": "softmax", "op": "Softmax", "input": ["logits"], "attr": floats},
        {"name": "Identity", "op": "Identity", "input": ["softmax"], "attr": floats},
    ]
    extra = {"quantization": quantization} if quantization else {}
    weights = [
        {"name": "flat", "shape": [2], "dtype": "int32"},
        {"name": "kernel", "shape": [6, CLASSES], "dtype": "float32"} | extra,
        {"name": "bias", "shape": [CLASSES], "dtype": "float32"},
    ]
    signature = {
        "inputs": {
            "image": {"name": "image:0", "dtype": "DT_FLOAT"} | {"tensorShape": shape(-1, *SHAPE)["shape"]}
        },
        "outputs": {"output_0": {"name": "Identity:0", "dtype": "DT_FLOAT"}},
    }
    return {
        "format": "graph-model",
        "signature": signature,
        "modelTopology": {"node": nodes, "library": {}, "versions": {}},
        "weightsManifest": [{"paths": ["group1-shard1of1.bin"], "weights": weights}],
    }


def packed(kernel: NDArray[Any] = KERNEL) -> bytes:
    return np.array([-1, 6], np.int32).tobytes() + kernel.tobytes() + BIAS.tobytes()


def expected(pictures: NDArray[np.float32], kernel: NDArray[Any] = KERNEL) -> NDArray[np.float64]:
    logits = pictures.reshape(len(pictures), -1).astype(np.float64) @ kernel.astype(np.float64) + BIAS
    powers: NDArray[np.float64] = np.exp(logits - logits.max(axis=1, keepdims=True))
    sums: NDArray[np.float64] = powers.sum(axis=1, keepdims=True)
    return powers / sums


@pytest.fixture(scope="module")
def pictures() -> NDArray[np.float32]:
    return RNG.uniform(0, 2, size=(5, *SHAPE)).astype(np.float32)


def test_it_is_small_and_its_name_carries_its_hash(runtime: Path) -> None:
    content = runtime.read_bytes()
    assert len(content) <= 300_000
    assert runtime.name == f"runtime-{hashlib.sha256(content).hexdigest()[:10]}.js"


def test_no_code_is_made_from_text(runtime: Path) -> None:
    source = runtime.read_text(encoding="utf-8")
    assert re.findall(r"\beval\s*\(|\bFunction\s*\(\s*[\"'`]|WebAssembly", source) == []


def test_equal_ops_give_equal_bundles(build: Build, tmp_path: Path) -> None:
    assert build(OPS, tmp_path).returncode == 0
    assert build(OPS[::-1] + OPS, tmp_path).returncode == 0
    assert len(list(tmp_path.iterdir())) == 1


def test_it_predicts_what_the_model_predicts(ask: Ask, pictures: NDArray[np.float32]) -> None:
    done = ask(graph_model(), packed(), pictures)
    assert (done.returncode, done.stderr) == (0, "")
    reply = json.loads(done.stdout)
    assert (reply["inputShape"], reply["classes"]) == (list(SHAPE), CLASSES)
    for prediction in reply["predictions"]:
        np.testing.assert_allclose(np.reshape(prediction, (-1, CLASSES)), expected(pictures), atol=1e-6)


def test_it_decodes_float16_weights(ask: Ask, pictures: NDArray[np.float32]) -> None:
    kernel = KERNEL.astype(np.float16)
    done = ask(graph_model({"dtype": "float16", "original_dtype": "float32"}), packed(kernel), pictures)
    assert done.returncode == 0, done.stderr
    prediction = json.loads(done.stdout)["predictions"][0]
    np.testing.assert_allclose(np.reshape(prediction, (-1, CLASSES)), expected(pictures, kernel), atol=1e-6)


@pytest.mark.parametrize("weights", [packed()[:-4], packed() + b"\0", b""], ids=["short", "long", "empty"])
def test_weights_of_another_length_are_refused(
    ask: Ask, pictures: NDArray[np.float32], weights: bytes
) -> None:
    done = ask(graph_model(), weights, pictures)
    assert done.returncode == 1
    assert done.stderr == f"expected {len(packed())} bytes of weights, found {len(weights)}\n"


def test_weights_that_are_not_numbers_are_refused(ask: Ask, pictures: NDArray[np.float32]) -> None:
    done = ask(graph_model(), packed(np.full_like(KERNEL, np.nan)), pictures)
    assert done.returncode == 1
    assert "found NaN" in done.stderr


@pytest.mark.parametrize("backend", ["cpu", "wasm"])
def test_kernels_whose_names_tfjs_writes_out_are_found(build: Build, tmp_path: Path, backend: str) -> None:
    done = build(["Sigmoid", "Square"], tmp_path / "out", backend)
    assert done.returncode == 0, done.stderr
    [file] = (tmp_path / "out").iterdir()
    assert file.read_text(encoding="utf-8").count("Square") > 1  # where it is run, and the kernel itself


def test_an_unknown_op_is_named(build: Build, tmp_path: Path) -> None:
    done = build([*OPS, "Wibble"], tmp_path / "out")
    assert done.returncode == 1
    assert done.stderr == "build/runtime.mjs: expected ops that TF.js can run, found Wibble\n"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("ops", [{"a": 1}, [1], "not JSON", ""])
def test_something_else_than_a_list_of_ops_is_refused(build: Build, tmp_path: Path, ops: Any) -> None:
    done = build(ops, tmp_path / "out")
    assert done.returncode == 1
    assert re.fullmatch(r"build/runtime\.mjs: expected a JSON list of op names in .*\n", done.stderr)


def load_in(runtime: Path, node: Ask, model: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    question = {"modelJson": model, "weights": base64.b64encode(packed()).decode(), "pixels": [], "count": 0}
    runtime.with_name("question.json").write_text(json.dumps(question), encoding="utf-8")
    return node(HERE / "predict.mjs", runtime, runtime.with_name("question.json"))


def test_a_model_with_an_op_that_was_cut_is_refused(node: Ask, build: Build, tmp_path: Path) -> None:
    assert build([op for op in OPS if op != "Softmax"], tmp_path).returncode == 0
    done = load_in(next(tmp_path.glob("runtime-*.js")), node, graph_model())
    assert done.returncode == 1
    assert "Softmax" in done.stderr


def text(value: str) -> dict[str, str]:
    return {"s": base64.b64encode(value.encode()).decode()}


@pytest.mark.parametrize(
    ("op", "attributes"),
    [
        ("LogSoftmax", {}),
        ("AddV2", {"T": {"type": "DT_INT32"}}),
        ("MatMul", {"transpose_b": {"b": True}}),
        ("Conv2D", {"dilations": {"list": {"i": ["1", "2", "2", "1"]}}}),
        ("Conv2D", {"data_format": text("NCHW")}),
        ("MaxPool", {"padding": text("EXPLICIT")}),
        ("MaxPool", {"ksize": {"list": {"i": ["1", "2", "2", "2"]}}}),
        ("_FusedConv2D", {"fused_ops": {"list": {"s": [text("BiasAdd")["s"], text("Prelu")["s"]]}}}),
        ("StridedSlice", {"T": {"type": "DT_INT32"}, "begin_mask": {"i": "1"}}),
    ],
)
def test_the_pages_own_refuses_what_it_does_not_compute(
    node: Ask, build: Build, tmp_path: Path, op: str, attributes: dict[str, Any]
) -> None:
    model = graph_model()
    model["modelTopology"]["node"][-2].update(op=op, attr=attributes)
    assert build(OPS, tmp_path, "plain").returncode == 0
    done = load_in(next(tmp_path.glob("runtime-*.js")), node, model)
    assert done.returncode == 1
    assert done.stderr == f"expected an operation of this runtime, found {op}\n"


@pytest.mark.parametrize("given", [[], ["plain", "ops.json"], ["cpu"], ["tpu", "ops.json"]])
def test_another_command_line_is_refused(node: Ask, web: Path, tmp_path: Path, given: list[str]) -> None:
    done = node(web / "build/runtime.mjs", tmp_path / "out", *given)
    assert done.returncode == 1
    assert done.stderr.startswith("build/runtime.mjs: expected: node build/runtime.mjs OUT plain")
