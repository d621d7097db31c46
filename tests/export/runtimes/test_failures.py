"""What is reported of a runtime that fails: its own first words on one line, and nothing of its insides."""

import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from export.errors import ConversionError, RunError
from export.parity.prove import prove
from export.runtimes import litert, tfjs
from export.runtimes.node import run_script
from export.runtimes.process import ending, processes
from export.site.build import runtime_file
from export.target import Engine, Source
from export.targets import all_targets
from tests.export.comparing import evidence_of

BY_NAME = {target.name: target for target in all_targets()}
IMAGES = np.zeros((3, 28, 28, 1), np.uint8)
INSIDES = re.compile(r"\bat \S+ \(|\bat (file|node):|status 7|Traceback|/tmp/|\n")


def reason(error: BaseException) -> str:
    """What stands in the brackets, once it is seen that nothing there is about the runtime's insides."""
    found = re.search(r"found that its runtime (?:stopped|crashed) \((.*)\): build it again$", str(error))
    assert found, error
    assert not INSIDES.search(found[1]), error
    return found[1]


def changed(model: Path, folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """A TensorFlow.js model with another `model.json`."""
    copy = shutil.copytree(model, folder / model.name)
    content = json.loads((copy / "model.json").read_bytes())
    change(content)
    (copy / "model.json").write_text(json.dumps(content))
    return copy


def rename_layers(content: dict[str, Any]) -> None:
    for layer in content["modelTopology"]["model_config"]["config"]["layers"][1:]:
        layer["class_name"] = "Mystery"


def rename_operations(content: dict[str, Any]) -> None:
    for node in content["modelTopology"]["node"]:
        if node["op"].endswith("MatMul"):
            node["op"] = "Mystery"


@pytest.mark.parametrize("engine", tfjs.LAYERS, ids=["wasm", "cpu"])
def test_a_layer_that_tfjs_lacks_is_named(engine: Engine, built: Path, tmp_path: Path) -> None:
    path = changed(built / "tfjs/layers", tmp_path, rename_layers)
    with pytest.raises(RunError) as caught:
        engine.run(path, IMAGES, Path())
    assert reason(caught.value) == "Unknown layer: Mystery."


@pytest.mark.parametrize(
    ("engine", "expected"),
    list(
        zip(
            tfjs.GRAPH,
            ("TypeError: Unknown op 'Mystery'.", "expected an operation of this runtime, found Mystery"),
            strict=True,
        )
    ),
    ids=["wasm", "page"],
)
def test_an_operation_that_a_runtime_lacks_is_named(
    engine: Engine, expected: str, built: Path, tmp_path: Path
) -> None:
    path = changed(built / "tfjs/graph", tmp_path, rename_operations)
    with pytest.raises(RunError) as caught:
        engine.run(path, IMAGES, runtime_file(built / "web") or Path())
    assert reason(caught.value).startswith(expected)


@pytest.mark.parametrize("content", [b"", b"TFL3", b"\0" * 5000, b"not a model" * 500])
def test_litert_says_what_it_makes_of_a_damaged_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.tflite"
    path.write_bytes(content)
    with pytest.raises(RunError, match=r"m\.tflite to run") as caught:
        litert.run(path, IMAGES, Path())
    assert reason(caught.value).startswith("ValueError: ")


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "Segmentation fault"),
        ("import os; print('INFO: hello', file=__import__('sys').stderr, flush=True); os.abort()", "Aborted"),
        ("import sys; sys.exit(3)", "status 3, without a message"),
        ("raise ValueError('the reason\\nand more')", "ValueError: the reason"),
        ("raise RuntimeError", "RuntimeError"),
        ("import sys; sys.exit('a word\\nand another')", "a word and another"),
    ],
)
def test_a_python_process_that_ends_badly_is_reported_in_one_line(program: str, expected: str) -> None:
    with pytest.raises(RunError) as caught:
        processes.run([sys.executable, "-c", program], "it")
    assert reason(caught.value) == expected


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (1, "stopped (ValueError: no)"),
        (-11, "crashed (Segmentation fault)"),
        (0xC0000005, "crashed (status 0xC0000005)"),
    ],
)
def test_how_a_process_has_ended_on_any_system(status: int, said: str) -> None:
    assert ending(status, "Traceback\nValueError: no\n") == said


def test_a_verdict_names_the_artifact_where_it_will_lie(built: Path, tmp_path: Path) -> None:
    """It is run in a temporary folder, which the manifest has no use for."""
    target = BY_NAME["tfjs-graph"]
    path = changed(built / target.path, tmp_path, lambda content: None)
    next(path.glob("*.bin")).unlink()
    reference = np.full((3, 10), 0.1, np.float32)
    result = prove(target, path, evidence_of(reference, np.zeros(3, np.uint8)), Path())
    assert result.failures == (
        "expected tfjs/graph to run, found that its runtime stopped (ENOENT: no such file or directory, open "
        "'tfjs/graph/group1-shard1of1.bin'): build it again (tfjs 4.22.0 wasm)",
    )


def test_a_script_of_ours_that_fails_is_reported_without_its_stack(tmp_path: Path) -> None:
    script = tmp_path / "fails.mjs"
    script.write_text("throw new RangeError('too far\\nfrom here');")
    with pytest.raises(ConversionError) as caught:
        run_script([str(script)], purpose="it to run", remedy="run it again")
    assert (
        str(caught.value) == "expected it to run, found that it stopped (RangeError: too far): run it again"
    )


@pytest.mark.parametrize("name", ["tflite-float32", "tflite-int8", "tfjs-graph"])
def test_an_operation_that_a_converter_lacks_is_named(name: str, tmp_path: Path) -> None:
    import keras
    import tensorflow as tf

    class Odd(keras.layers.Layer):
        def call(self, images: Any) -> Any:
            return tf.math.erfinv(images / 256)

    layers = [Odd(), keras.layers.Flatten(), keras.layers.Dense(3, activation="softmax")]
    model = keras.Sequential([keras.Input((28, 28, 1)), *layers])
    with pytest.raises(ConversionError, match=r"\bErfinv\b.* \(odd.*\): leave it out") as caught:
        BY_NAME[name].convert(Source(model, tmp_path / "saved", IMAGES), tmp_path / "out")
    assert len(str(caught.value)) < 250
    assert not re.search(r"loc\(|<unknown>|/tmp/|\n", str(caught.value))
