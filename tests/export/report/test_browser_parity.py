"""`export check --browser`: every copy in real browsers, and what is recorded of it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from export.errors import OutputError, ParityError, RunError
from export.manifest import read_manifest, verify
from export.parity.evidence import Evidence
from export.parity.probes import probe_images
from export.parity.prove import prove
from export.parity.results import ParityResult, UnsupportedRun
from export.pipeline import cache_keys
from export.pipeline.check import check
from export.pipeline.export_all import Request, export_all
from export.report.browser_parity import engines_in
from export.runtimes.browser import Page, open_page
from export.runtimes.browsers import NAMES
from export.runtimes.browsers._browser import Browser
from export.runtimes.browsers.chromium import BROWSER as CHROMIUM
from export.runtimes.browsers.firefox import BROWSER as FIREFOX
from export.site.build import runtime_file
from export.targets import all_targets
from export.types import Images, Probabilities
from tests.often import often
from train.data.dataset import Dataset
from train.output.lock import locked

BY_NAME = {target.name: target for target in all_targets()}
NO_MODELS = {"empty": b"", "zeros": b"\0" * 5000, "text": b"not a model" * 500}


@pytest.fixture(scope="module")
def page(each_browser: Browser, built: Path) -> Iterator[Page]:
    runtime = runtime_file(built / "web")
    assert runtime is not None
    with open_page(runtime, each_browser) as opened:
        yield opened


@pytest.fixture(scope="module")
def evidence(trained: Path, pen_digits: Dataset) -> Evidence:
    """Of a few images, to be quick."""
    import keras

    model = keras.models.load_model(trained, compile=False)
    images, labels = pen_digits.test.images[:60], pen_digits.test.labels[:60]
    probes = probe_images(images.shape[1:])[::40]

    def answers(asked: Images) -> Probabilities:
        return model.predict(asked.astype(np.float32), verbose=0)  # type: ignore[no-any-return]

    return Evidence(images, labels, answers(images), probes, answers(probes))


@pytest.fixture
def prove_there(page: Page, evidence: Evidence) -> Callable[[str, Path], ParityResult]:
    """Proves a target in the browser: `prove_there("tfjs-graph", folder)`."""

    def prove_one(name: str, path: Path) -> ParityResult:
        target = BY_NAME[name]
        return prove(replace(target, engines=engines_in(page, target)), path, evidence, path)

    return prove_one


def check_elsewhere(out: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "export", "check", "--browser", "--out", str(out)],
        env={**os.environ, "PYTHONPATH": str(cache_keys.ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_browser_one_line_says_so(built: Path, tmp_path: Path) -> None:
    done = check_elsewhere(built, PATH=str(tmp_path))
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("inkproof: expected one of chromium, ")


@pytest.mark.slow  # three checks of a model
@pytest.mark.browser
def test_runs_in_one_browser_leave_those_in_another(
    chromium: str, firefox: str, copy: Path, pen_npz: Path, keep_only: Callable[..., None]
) -> None:
    keep_only(copy, "tflite-int8")
    for browsers in ([FIREFOX], [CHROMIUM, FIREFOX], [CHROMIUM]):
        check(copy, str(pen_npz), browsers)
    (target,) = read_manifest(copy).targets
    found = [run["runtime"].rpartition(", ")[2].split()[0] for run in target["parity"]["browser"]]
    assert found == ["chromium", "firefox"]
    assert (copy / "report.md").read_text().count("litert.js") == 2
    assert verify(copy)


@pytest.mark.browser
def test_every_copy_is_proven_recorded_and_kept(
    chromium: str, copy: Path, trained: Path, pen_npz: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = [BY_NAME[name] for name in ("tfjs-graph-uint8", "tflite-integer-only")]
    request = Request(trained, str(pen_npz), copy, chosen)
    export_all(request)
    before = read_manifest(copy)
    check(copy, str(pen_npz), [CHROMIUM])
    after = read_manifest(copy)
    for target, earlier in zip(after.targets, before.targets, strict=True):
        runs = target["parity"].pop("browser")
        assert target == earlier
        assert all(run["passed"] and "chromium" in run["runtime"] for run in runs), runs
        assert all(run["probing"]["samples"] for run in runs)
        assert runs[0]["samples"] == after.dataset["samples"]
        words = ["litert.js"] if target["name"].startswith("tflite") else ["wasm", "", "webgl"]
        assert all(word in run["runtime"] for word, run in zip(words, runs, strict=True))
    assert verify(copy)
    for name in ("report.html", "report.md"):
        assert (copy / name).read_text().count("litert.js") == 1
    assert "<script" not in (copy / "report.html").read_text()
    assert not list(copy.glob(".*"))

    recorded = (copy / "manifest.json").read_bytes()
    capsys.readouterr()
    export_all(request)
    assert capsys.readouterr().out.startswith("nothing to do: ")
    assert (copy / "manifest.json").read_bytes() == recorded

    # What was found is about those copies: with one of them less there is another report.
    export_all(replace(request, targets=chosen[1:]))
    assert all("browser" not in target["parity"] for target in read_manifest(copy).targets)
    assert "litert.js" not in (copy / "report.md").read_text()
    assert verify(copy)


@pytest.mark.slow  # in every run it is found in each runtime
@pytest.mark.browser
def test_a_corrupted_copy_is_named_and_nothing_recorded(
    chromium: str, copy: Path, pen_npz: Path, keep_only: Callable[..., None]
) -> None:
    keep_only(copy, "tfjs-graph")
    shard = spoil(copy)
    before = (copy / "manifest.json").read_bytes()
    with pytest.raises(ParityError, match="tfjs-graph: ") as caught:
        check(copy, str(pen_npz), [CHROMIUM])
    assert str(shard) in str(caught.value)
    assert (copy / "manifest.json").read_bytes() == before


@pytest.mark.browser
def test_what_fails_in_the_browser_alone_is_recorded_and_ends_with_status_3(
    chromium: str, copy: Path, pen_npz: Path, keep_only: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_only(copy, "tflite-int8")
    predict = Page.predict
    monkeypatch.setattr(Page, "predict", lambda *given: np.roll(predict(*given), 1, axis=1))
    with pytest.raises(ParityError, match=r"tflite-int8: .* \(litert\.js ") as caught:
        check(copy, str(pen_npz), [CHROMIUM])
    assert caught.value.exit_status == 3
    ((run,),) = (target["parity"]["browser"] for target in read_manifest(copy).targets)
    assert not run["passed"]
    assert "| FAIL; " in (copy / "report.md").read_text()
    assert verify(copy)


def test_another_run_on_the_folder_is_named(chromium: str, copy: Path) -> None:
    with locked(copy):
        done = check_elsewhere(copy)
    assert done.returncode == 1
    assert f"inkproof: expected no other run on {copy}" in done.stderr


def test_a_report_without_the_place_is_told_at_once(chromium: str, copy: Path, pen_npz: Path) -> None:
    (copy / "report.md").write_text("mine")
    with pytest.raises(OutputError, match=r"report\.md with a place for the section 'browser'"):
        check(copy, str(pen_npz), [CHROMIUM])


@pytest.mark.browser  # in Chromium every run proves the same targets of a whole export, above
@pytest.mark.parametrize("each_browser", often(NAMES, lambda name: name != CHROMIUM.name), indirect=True)
def test_every_runtime_of_a_browser_holds_the_targets_own_budget(
    built: Path, page: Page, prove_there: Callable[[str, Path], ParityResult]
) -> None:
    for name in ("tfjs-graph-uint8", "tfjs-layers", "tflite-integer-only"):
        result = prove_there(name, built / BY_NAME[name].path)
        assert result.passed, result.failures
        words = ["litert.js"] if name.startswith("tflite") else ["wasm", "", "webgl"]
        assert all(word in run.runtime for word, run in zip(words, result.runs, strict=True))
        assert all(run.runtime.endswith(f", {page.name}") for run in result.runs)


@pytest.mark.browser
def test_corruption_shows_in_each_of_the_browsers_runtimes(
    copy: Path, prove_there: Callable[[str, Path], ParityResult]
) -> None:
    spoil(copy)
    runs = prove_there("tfjs-graph", copy / "tfjs/graph").runs
    assert len(runs) == 3
    assert all(run.failures for run in runs)


@pytest.mark.browser
@pytest.mark.parametrize("name", ["tfjs-graph", "tfjs-layers"])
def test_a_truncated_model_fails_by_name(
    copy: Path, name: str, page: Page, prove_there: Callable[[str, Path], ParityResult]
) -> None:
    path = copy / BY_NAME[name].path
    model = path / "model.json"
    model.write_bytes(model.read_bytes()[:500])
    (run,) = prove_there(name, path).runs
    assert f"expected {BY_NAME[name].path} to run in {page.name}" in run.failures[0]
    assert "\n" not in run.failures[0]


@pytest.mark.browser
@pytest.mark.parametrize("name", often(NO_MODELS, lambda name: name == "text"))
def test_what_litert_refuses_is_told_with_its_reason(
    tmp_path: Path, name: str, page: Page, prove_there: Callable[[str, Path], ParityResult]
) -> None:
    path = tmp_path / "int8.tflite"
    path.write_bytes(NO_MODELS[name])
    (run,) = prove_there("tflite-int8", path).runs
    assert isinstance(run, UnsupportedRun)
    assert f"expected tflite/int8.tflite to run in {page.name}" in run.reason
    assert (run.failures, run.samples) == ((), 0)


@pytest.mark.browser
def test_only_what_is_asked_for_is_served(tmp_path: Path, page: Page) -> None:
    (tmp_path / "model.json").write_text(
        '{"weightsManifest": [{"paths": ["../../etc/passwd"], "weights": []}]}'
    )
    with pytest.raises(RunError, match="status 404"):
        page.predict("graph-page", tmp_path, np.zeros((1, 28, 28, 1), np.uint8))


def spoil(folder: Path) -> Path:
    shard = folder / "tfjs/graph/group1-shard1of1.bin"
    weights = np.fromfile(shard, np.float32)
    weights[: len(weights) // 2] *= -1
    weights.tofile(shard)
    return shard
