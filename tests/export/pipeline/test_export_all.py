"""`export all`: what it leaves, and what it does when an artifact is past its budget."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from export.errors import ConversionError, OutputError, ParityError, UnsupportedError
from export.manifest import read_manifest, verify
from export.pipeline.export_all import Request, export_all
from export.target import Budget, Source, Target
from export.targets import all_targets
from tests.export.command_line import contents
from train.contract import InputContract
from train.model_file.known_from import write_known_from

BY_NAME = {target.name: target for target in all_targets()}
FLOAT32, GRAPH, HALF = BY_NAME["tflite-float32"], BY_NAME["tfjs-graph"], BY_NAME["tfjs-graph-float16"]


def spoiled(target: Target) -> Target:
    """The same target with one weight of the artifact changed after the conversion."""

    def convert(source: Source, path: Path) -> None:
        weights = source.model.get_weights()
        kernel = weights[-2].copy()
        kernel[0, 0] += 1
        source.model.set_weights([*weights[:-2], kernel, weights[-1]])
        try:
            folder = path.parent / "other_saved_model"
            source.model.export(folder, verbose=False)
            target.convert(replace(source, saved_model=folder), path)
        finally:
            source.model.set_weights(weights)
            shutil.rmtree(folder)

    return replace(target, convert=convert)


RequestFor = Callable[..., Request]


@pytest.fixture
def request_for(trained: Path, pen_npz: Path, tmp_path: Path) -> RequestFor:
    """Requests of targets: `request_for(GRAPH, HALF, model=path)`."""

    def make(*targets: Target, model: Path = trained) -> Request:
        return Request(model, str(pen_npz), tmp_path / "artifacts", targets)

    return make


def test_the_output_has_the_layout_of_the_contract(built: Path) -> None:
    for target in all_targets():
        path = built / target.path
        assert path.is_file() if target.name.startswith("tflite") else (path / "model.json").is_file()
    for name in ("model.h5", "manifest.json", "report.html", "report.md", "web/index.html"):
        assert (built / name).is_file()
    assert {path.name for path in built.iterdir()} == {
        *("model.h5", "manifest.json", "report.html", "report.md", "MODEL_CARD.md", "tfjs", "tflite", "web")
    }
    assert [path.name for path in built.parent.iterdir()] == [built.name]  # nothing temporary is left


def test_what_the_model_knows_travels_to_manifest_and_page(
    built: Path, trained: Path, request_for: RequestFor, tmp_path: Path
) -> None:
    model = Path(shutil.copy(trained, tmp_path / "model.h5"))
    write_known_from(model, 0.57)
    request = request_for(GRAPH, model=model)
    export_all(request)
    assert [known_from_in(folder) for folder in (request.out, built)] == [(0.57, 0.57), (None, 0)]


def known_from_in(out: Path) -> tuple[float | None, float]:
    """What the manifest and the page say of it."""
    [site] = (out / "web").glob("site-*.json")
    reference = json.loads((out / "manifest.json").read_bytes())["reference"]
    return reference["known_from"], json.loads(site.read_bytes())["output"]["known_from"]


def test_the_manifest_says_what_the_contract_promises(built: Path, pen_npz: Path) -> None:
    values = json.loads((built / "manifest.json").read_bytes())
    assert values["schema_version"] == 1
    assert values["model"]["path"] == "model.h5"
    assert values["model"]["parameters"] == 18_098
    assert values["model"]["input_shape"] == [28, 28, 1]
    assert values["model"]["labels"] == list("0123456789")
    assert InputContract.from_json(values["contract"]) == InputContract()
    assert values["dataset"]["name"] == pen_npz.name
    assert (values["dataset"]["split"], values["dataset"]["samples"]) == ("test", 1000)
    assert values["reference"]["accuracy"] > 0.95
    assert values["versions"]["tensorflow"]
    assert [target["name"] for target in values["targets"]] == list(BY_NAME)
    for target in values["targets"]:
        parity = target["parity"]
        assert parity["passed"] is True
        assert parity["samples"] == 1000
        assert 0 < parity["mean_abs_diff"] <= parity["max_abs_diff"] < 0.2
        assert parity["top1_agreement"] >= parity["budget"]["min_top1_agreement"]
        assert target["bytes"] == sum(file["bytes"] for file in target["files"])
    runtimes = {target["name"]: target["parity"]["runtime"] for target in values["targets"]}
    assert runtimes["tflite-int8"].startswith("ai-edge-litert 2.")
    assert runtimes["tfjs-graph"].startswith("tfjs 4.22.0")
    both = next(target for target in values["targets"] if target["name"] == "tfjs-graph")["parity"]["runs"]
    assert "the page's bundle" in both[1]["runtime"]
    verify(built)


def test_one_changed_weight_fails_and_everything_is_still_reported(request_for: RequestFor) -> None:
    request = request_for(HALF, spoiled(FLOAT32))
    with pytest.raises(ParityError, match=r"tflite-float32: expected .*ai-edge-litert") as caught:
        export_all(request)
    assert caught.value.exit_status == 3
    assert "\n" not in str(caught.value)
    manifest = read_manifest(request.out)
    assert {t["name"]: t["parity"]["passed"] for t in manifest.targets} == {
        "tfjs-graph-float16": True,
        "tflite-float32": False,
    }
    assert "FAIL" in (request.out / "report.md").read_text()
    assert verify(request.out)
    assert (request.out / "web" / "index.html").exists()  # the page's own model is within its budget


def test_no_page_is_built_from_a_model_past_its_budget(copy: Path, request_for: RequestFor) -> None:
    request = request_for(GRAPH)
    assert request.out == copy
    assert (copy / "web").exists()
    with pytest.raises(ParityError):
        export_all(request_for(spoiled(GRAPH)))
    assert not (request.out / "web").exists()
    assert verify(request.out)


@pytest.mark.slow  # in every run this is said again where nothing is done
def test_a_budget_that_nothing_meets_fails(request_for: RequestFor) -> None:
    with pytest.raises(ParityError, match="differences of at most 0"):
        export_all(request_for(replace(FLOAT32, budget=Budget(0.0, 1.0, None))))


def test_a_converter_that_refuses_changes_nothing_that_was_good(request_for: RequestFor) -> None:
    request = request_for(FLOAT32)
    export_all(request)
    before = contents(request.out)

    def refuse(source: Source, path: Path) -> None:
        raise ConversionError("no")

    with pytest.raises(UnsupportedError, match="tflite-float32: no"):
        export_all(request_for(replace(FLOAT32, convert=refuse)))
    assert contents(request.out) == before
    assert [path.name for path in request.out.parent.iterdir()] == ["artifacts"]


def test_fewer_targets_leave_no_others_behind(request_for: RequestFor, built: Path) -> None:
    request = request_for(FLOAT32)
    shutil.copytree(built, request.out)
    (request.out / "notes.txt").write_text("mine")
    export_all(request)
    assert [path.name for path in (request.out / "tflite").iterdir()] == ["float32.tflite"]
    assert not (request.out / "tfjs").exists()
    assert (request.out / "notes.txt").read_text() == "mine"


def test_a_folder_of_somebody_else_is_left_alone(request_for: RequestFor) -> None:
    request = request_for(FLOAT32)
    (request.out / "web").mkdir(parents=True)
    (request.out / "web" / "theirs.html").write_text("mine")
    with pytest.raises(OutputError, match="found web without"):
        export_all(request)
    assert (request.out / "web" / "theirs.html").exists()


@pytest.mark.slow  # as the models of the zoo are
def test_a_keras_file_is_exported_too(request_for: RequestFor, trained: Path, tmp_path: Path) -> None:
    import keras

    model = tmp_path / "mine.keras"
    keras.models.load_model(trained).save(model)
    request = request_for(FLOAT32, model=model)
    export_all(request)
    assert read_manifest(request.out).model["path"] == "model.keras"
    assert (request.out / "model.keras").read_bytes() == model.read_bytes()


@pytest.mark.integration
def test_without_a_model_one_is_trained_first(
    pen_npz: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from train import settings

    few = settings.Settings(model="mlp", epochs=1)
    monkeypatch.setitem(settings.PRESETS, "quick", {"cnn": few, "mlp": few})
    out = tmp_path / "artifacts"
    request = Request(None, str(pen_npz), out, [FLOAT32], preset="quick")
    export_all(request)
    assert len((out / "training" / "history.csv").read_text(encoding="utf-8").splitlines()) == 2
    trained_once = (out / "model.h5").read_bytes()
    export_all(request)  # now there is one
    assert (out / "model.h5").read_bytes() == trained_once
