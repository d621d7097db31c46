"""`export bench`: all targets in all runtimes. No test here checks a time."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import h5py
import numpy as np
import pytest
from click.testing import CliRunner

from export.bench.run import bench
from export.bench.statistics import summarize
from export.cli import cli
from export.errors import IntegrityError, ManifestError, ModelError
from export.manifest import read_manifest, record, verify
from export.pipeline.export_all import Request, export_all
from export.targets import all_targets
from export.targets._tflite_file import read_model, written
from tests.export.hostile.hostile_models import external


def measure(out: Path, data: Path, baseline: str = "original", *, browser: bool = False) -> None:
    """Once each."""
    bench(out, str(data), baseline=baseline, rounds=1, browser=browser)


@pytest.mark.slow  # ten targets, in a process for each figure
def test_all_targets_are_measured_in_all_their_runtimes(
    copy: Path, trained: Path, pen_npz: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    measure(copy, pen_npz)
    found = json.loads((copy / "bench.json").read_bytes())
    assert (found["baseline"], found["rounds"]) == ("original", 1)
    expected = [("original", read_manifest(copy).reference["runtime"])]
    expected += [(target.name, engine.describe()) for target in all_targets() for engine in target.engines]
    assert [(one["target"], one["runtime"]) for one in found["subjects"]] == expected
    sizes = {target["name"]: target["bytes"] for target in read_manifest(copy).targets}
    for one in found["subjects"]:
        assert one["bytes"] == sizes.get(one["target"], (copy / "model.h5").stat().st_size)
        assert 0 < one["brotli_bytes"] <= one["gzip_bytes"] <= one["bytes"]
        assert 0.9 < one["accuracy"] <= 1
        assert all(one[key] > 0 for key in ("load_ms", "first_ms", "warm_ms", "images_per_s"))
        assert one["warm_ms"] <= one["warm_p95_ms"]
        assert 10e6 < one["peak_bytes"] < 10e9
    assert found["subjects"][0]["times_baseline"] == 1
    assert found["subjects"][0]["peak_bytes"] > max(one["peak_bytes"] for one in found["subjects"][1:])
    page = (copy / "report.html").read_text()
    marks = 4 * len(expected)  # of loading, one picture, batches and memory
    assert page.count("<svg") == 1 + 2 * 10 + marks
    assert "<script" not in page
    assert (copy / "report.md").read_text().count("| tfjs-graph |") == 1 + 2
    assert verify(copy)
    assert not list(copy.glob(".*"))

    request = Request(trained, str(pen_npz), copy, all_targets())
    capsys.readouterr()
    export_all(request)
    assert capsys.readouterr().out.startswith("nothing to do: ")
    assert json.loads((copy / "bench.json").read_bytes()) == found
    # The next build has other artifacts than those that were measured.
    export_all(replace(request, targets=all_targets()[1:]))
    assert not (copy / "bench.json").exists()
    assert "images/s" not in (copy / "report.md").read_text()
    assert verify(copy)


@pytest.mark.browser
def test_chromium_is_measured_too(
    chromium: str, copy: Path, pen_npz: Path, keep_only: Callable[..., None]
) -> None:
    keep_only(copy, "tfjs-graph", "tflite-int8")
    measure(copy, pen_npz, "tflite-int8", browser=True)
    found = json.loads((copy / "bench.json").read_bytes())["subjects"]
    assert [one["target"] for one in found] == ["original", *["tfjs-graph"] * 4, *["tflite-int8"] * 2]
    in_chromium = [one for one in found if "chromium" in one["runtime"]]
    assert [one["target"] for one in in_chromium] == ["tfjs-graph", "tfjs-graph", "tflite-int8"]
    assert all(one["peak_bytes"] > 10e6 for one in in_chromium)
    (native,) = [one for one in found if one["runtime"].startswith("ai-edge-litert")]
    assert native["times_baseline"] == 1


@pytest.mark.slow  # a second run in Chromium
@pytest.mark.browser
def test_what_a_browser_cannot_run_is_left_out_and_named(
    chromium: str,
    copy: Path,
    pen_npz: Path,
    keep_only: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    keep_only(copy, "tflite-int8")
    open_the_batch(copy, "tflite/int8.tflite")
    measure(copy, pen_npz, browser=True)
    found = json.loads((copy / "bench.json").read_bytes())["subjects"]
    assert [one["target"] for one in found] == ["original", "tflite-int8"]
    assert "left out: expected " in capsys.readouterr().err


def open_the_batch(out: Path, name: str) -> None:
    """Let a `.tflite` and the manifest be those of a converter that leaves the batch open."""
    model = read_model((out / name).read_bytes())
    for tensor in model.subgraphs[0].tensors:
        tensor.shapeSignature = np.concatenate([[-1], tensor.shape[1:]]).astype(np.int32)
    (out / name).write_bytes(written(model))
    manifest = read_manifest(out)
    (entry,) = manifest.targets
    changed = {**entry, "files": [asdict(record(out / name, out))]}
    replace(manifest, targets=[changed]).write(out)


def test_an_unknown_baseline_and_a_damaged_file_are_refused(copy: Path, pen_npz: Path) -> None:
    with pytest.raises(ManifestError, match=r"expected one of original, .*found nonsense"):
        measure(copy, pen_npz, "nonsense")
    with (copy / "tflite" / "int8.tflite").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(IntegrityError, match=r"int8\.tflite"):
        measure(copy, pen_npz)
    assert not (copy / "bench.json").exists()


def not_a_number(file: h5py.File) -> None:
    def visit(_: str, item: object) -> None:
        if isinstance(item, h5py.Dataset) and item.dtype.kind == "f":
            item[...] = np.nan

    file.visititems(visit)


@pytest.mark.parametrize(("edit", "found"), [(not_a_number, "NaN"), (external, "in other files")])
def test_a_hostile_model_is_refused_before_it_is_opened(
    copy: Path, pen_npz: Path, edit: Callable[[h5py.File], None], found: str
) -> None:
    """Its manifest was sealed after the edit: whoever sends a folder can do that."""
    with h5py.File(copy / "model.h5", "a") as file:
        edit(file)
    manifest = read_manifest(copy)
    sealed = asdict(record(copy / "model.h5", copy))
    replace(manifest, model={**manifest.model, **sealed}).write(copy)
    with pytest.raises(ModelError, match=found):
        measure(copy, pen_npz)
    assert not (copy / "bench.json").exists()


def test_ratios_are_taken_within_each_round() -> None:
    def measured(warm: list[float], rate: float) -> dict[str, object]:
        return {"load_ms": 1.0, "first_ms": 1.0, "warm_ms": warm, "images_per_s": rate, "peak_bytes": 1}

    # In the second round the machine is ten times as slow for both.
    rounds = [measured([1, 1, 2], 100), measured([10, 10], 10), measured([1], 90)]
    baseline = [measured([2], 50), measured([20, 20, 20], 5), measured([2], 45)]
    found = summarize(rounds, baseline)
    assert (found["times_baseline"], found["images_per_s_times_baseline"]) == (0.5, 2)
    assert (found["warm_ms"], found["images_per_s"]) == (1, 90)
    assert found["warm_p95_ms"] == 10


def test_help_names_its_options() -> None:
    text = CliRunner().invoke(cli, ["bench", "--help"]).output
    assert all(option in text for option in ("--baseline", "--rounds", "--browser"))
