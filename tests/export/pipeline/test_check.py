"""`export check`: the artifacts as they lie on disk."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from export.errors import DataError, IntegrityError, ParityError
from export.manifest import read_manifest
from export.pipeline.check import check
from tests.often import often
from tests.train.outputs import save_npz
from train.data.dataset import pen_dataset


def test_what_was_built_is_proven_again(built: Path, pen_npz: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in built.rglob("*")}
    proven = check(built, str(pen_npz))
    assert all(artifact.parity.passed for artifact in proven)
    written = read_manifest(built).targets
    assert [a.parity.max_abs_diff for a in proven] == [t["parity"]["max_abs_diff"] for t in written]
    assert {path: path.stat().st_mtime_ns for path in built.rglob("*")} == before


def test_one_corrupted_weight_of_each_kind_is_found_and_named(copy: Path, pen_npz: Path) -> None:
    shard = copy / "tfjs/graph/group1-shard1of1.bin"
    weights = np.fromfile(shard, np.float32)
    weights[len(weights) // 2] += 1
    weights.tofile(shard)
    flat = copy / "tflite/float32.tflite"
    content = bytearray(flat.read_bytes())
    # The largest weight of the last layer, wherever the flatbuffer has put it.
    kernel = np.frombuffer(_dense_kernel(copy / "model.h5"), np.float32)
    at = content.find(kernel.tobytes())
    assert at > 0
    content[at : at + 4] = np.float32(kernel[0] + 1).tobytes()
    flat.write_bytes(content)
    with pytest.raises(ParityError) as caught:
        check(copy, str(pen_npz))
    message = str(caught.value)
    assert caught.value.exit_status == 3
    assert "found 2 past it" in message
    assert "tfjs-graph: " in message
    assert "tflite-float32: " in message
    assert str(shard) in message
    assert str(flat) in message


@pytest.mark.parametrize(
    ("target", "name"),
    often(
        [
            ("tflite-int8", "tflite/int8.tflite"),
            ("tflite-float16", "tflite/float16.tflite"),
            ("tfjs-layers", "tfjs/layers/model.json"),
            ("tfjs-graph", "tfjs/graph/model.json"),
        ],
        lambda case: case[0] in ("tflite-int8", "tfjs-graph"),
    ),
)
@pytest.mark.parametrize("fraction", often([0.0, 0.5, 0.99], lambda fraction: fraction == 0.5))
def test_a_truncated_artifact_fails_and_is_named(
    copy: Path, pen_npz: Path, keep_only: Callable[..., None], target: str, name: str, fraction: float
) -> None:
    keep_only(copy, target)
    path = copy / name
    path.write_bytes(path.read_bytes()[: int(fraction * path.stat().st_size)])
    with pytest.raises(ParityError, match=name.replace(".", r"\.")) as caught:
        check(copy, str(pen_npz))
    assert "\n" not in str(caught.value)


def test_a_change_that_no_prediction_shows_is_still_found(
    copy: Path, pen_npz: Path, keep_only: Callable[..., None]
) -> None:
    keep_only(copy, "tfjs-layers")
    path = copy / "tfjs/layers/model.json"
    path.write_text(path.read_text().replace("inkproof", "INKPROOF"))
    with pytest.raises(IntegrityError, match=r"tfjs/layers/model\.json with another content"):
        check(copy, str(pen_npz))


def test_another_reference_model_is_refused_before_anything_is_compared(copy: Path, pen_npz: Path) -> None:
    with (copy / "model.h5").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(IntegrityError, match=r"expected the reference model.*model\.h5"):
        check(copy, str(pen_npz))


def test_another_dataset_is_refused(built: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"expected the dataset 'digits\.npz'"):
        check(built, str(save_npz(pen_dataset(train=100, test=100), tmp_path / "digits.npz")))


def test_without_a_page_its_runtime_is_built_again(
    copy: Path, pen_npz: Path, keep_only: Callable[..., None]
) -> None:
    keep_only(copy, "tfjs-graph")
    shutil.rmtree(copy / "web")
    replace(read_manifest(copy), site=[]).write(copy)
    (proven,) = check(copy, str(pen_npz))
    assert len(proven.parity.runs) == 2


def _dense_kernel(model: Path) -> bytes:
    """The last layer's kernel as TFLite stores it: transposed."""
    import keras

    kernel = keras.models.load_model(model, compile=False).get_layer("net1_logits").get_weights()[0]
    return np.ascontiguousarray(kernel.T, dtype=np.float32).tobytes()
