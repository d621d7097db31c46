"""The Android kit: compiled against stubs of LiteRT, and run on the JVM as far as it needs no Android."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from export.kits import named_kits
from export.kits._examples import examples
from export.kits._model import KitModel
from export.kits._write import write_kit
from tests.export.kits.conftest import NASTY_LABELS
from tests.export.kits.kotlin import ON_JVM, Kotlin, find_kotlin

GOLDEN = "app/src/androidTest/assets/golden"
CLASSIFIER = "app/src/main/kotlin/inkproof/kit/Classifier.kt"
ON_ANDROID = {"Classifier.kt", "Pictures.kt", "SelfTest.kt"}
KINDS = ["drawings", "colours", "greys", "values"]

Kits = Callable[[str], Path]
Compiled = Callable[[str], Path]


@pytest.fixture(scope="module")
def kotlin(tmp_path_factory: pytest.TempPathFactory) -> Kotlin:
    return find_kotlin(tmp_path_factory.mktemp("kotlin"))


@pytest.fixture(scope="module")
def folder_of(
    kit_of: Kits,
    colour_kit_of: Kits,
    values_kit_of: Kits,
    colours_model: KitModel,
    tmp_path_factory: pytest.TempPathFactory,
) -> Kits:
    """The folder of a kit, by the kind of its model; the one of greys is of a size of its own."""

    def greys() -> Path:
        contract = replace(colours_model.contract, channels=1, height=7, width=5)
        model = replace(colours_model, contract=contract, examples=examples(contract))
        (kit,) = named_kits(["android"])
        write_kit(kit, model, tmp_path_factory.mktemp("greys"))
        return tmp_path_factory.getbasetemp() / "greys0/kit/android"

    writers = {"drawings": kit_of, "colours": colour_kit_of, "values": values_kit_of}
    return cache(lambda kind: greys() if kind == "greys" else writers[kind]("android"))


@pytest.fixture(scope="module")
def classes_of(kotlin: Kotlin, folder_of: Kits, tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """A kit's sources, self-test included, compiled together with `on_jvm/`."""

    @cache
    def compiled(kind: str) -> Path:
        given = ON_JVM / ("OfDrawings.kt" if kind == "drawings" else "OfPictures.kt")
        sources = [*sorted(folder_of(kind).rglob("*.kt")), ON_JVM / "Main.kt", given]
        classes = tmp_path_factory.mktemp(kind)
        done = kotlin.compile(sources, classes)
        assert done.returncode == 0, done.stderr
        return classes

    return compiled


def found_on_jvm(kotlin: Kotlin, classes: Path, golden: Path) -> dict[str, list[str]]:
    lines = kotlin.run(classes, "inkproof.kit.MainKt", golden).splitlines()
    return {name: rest.split() for name, _, rest in (line.partition(" ") for line in lines)}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_it_compiles_and_its_preprocessing_is_the_reference_one(
    kotlin: Kotlin, classes_of: Compiled, folder_of: Kits, kind: str
) -> None:
    found = found_on_jvm(kotlin, classes_of(kind), folder_of(kind) / GOLDEN)
    differences = list(map(int, found["differences"]))
    assert len(differences) == (13 if kind == "drawings" else 5)
    assert max(differences) <= 1
    assert found["wrong"] == []


@pytest.mark.slow
def test_numbers_are_quantized_as_numpy_does_it(
    kotlin: Kotlin, classes_of: Compiled, folder_of: Kits
) -> None:
    found = found_on_jvm(kotlin, classes_of("drawings"), folder_of("drawings") / GOLDEN)
    numbers = np.array([-3, 0, 0.25, 0.75, 1.25, 100, 200], np.float32)
    quantized = np.clip(np.rint(numbers / np.float32(0.5)) + 3, 0, 255).astype(int)
    assert list(map(int, found["quantized"])) == quantized.tolist()
    assert list(map(float, found["scaled"])) == [(255 - 3) / 2, -3 / 2, 0]


@pytest.mark.slow
def test_pixels_of_bitmaps_are_taken_apart(kotlin: Kotlin, classes_of: Compiled, folder_of: Kits) -> None:
    found = found_on_jvm(kotlin, classes_of("drawings"), folder_of("drawings") / GOLDEN)
    assert list(map(int, found["converted"])) == [255, 0, 179, 128, 0, 0, 255, 76, 0, 0]
    found = found_on_jvm(kotlin, classes_of("colours"), folder_of("colours") / GOLDEN)
    assert list(map(int, found["converted"])) == [0, 0, 0, 255, 255, 255, 0x34, 0x56, 0x78]
    assert " ".join(found["labels"]) == " ".join(NASTY_LABELS)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["drawings", "values"])
def test_the_self_test_reads_the_golden_outputs(
    kotlin: Kotlin,
    classes_of: Compiled,
    folder_of: Kits,
    drawings_model: KitModel,
    values_model: KitModel,
    kind: str,
) -> None:
    model = drawings_model if kind == "drawings" else values_model
    (kit,) = named_kits(["android"])
    known = model.only(kit.targets).probabilities.values()
    found = found_on_jvm(kotlin, classes_of(kind), folder_of(kind) / GOLDEN)
    expected = [np.abs(numbers).max() for numbers in known]  # it was given noughts for answers
    np.testing.assert_allclose(list(map(float, found["largest"])), expected, rtol=1e-6)


@pytest.mark.slow
def test_the_self_test_finds_a_wrong_picture(
    kotlin: Kotlin, classes_of: Compiled, folder_of: Kits, tmp_path: Path
) -> None:
    golden = shutil.copytree(folder_of("drawings") / GOLDEN, tmp_path / "golden")
    content = bytearray((golden / "examples.bin").read_bytes())
    content[-1] = 2  # of the last example, which is bare paper
    (golden / "examples.bin").write_bytes(content)
    assert found_on_jvm(kotlin, classes_of("drawings"), golden)["wrong"] == ["12"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("inputs[0].writeFloat(levels)", "inputs[0].writeFloat(image)"),
        ("outputs[0].readInt8()", "outputs[0].readFloat()"),
        ("Options(Accelerator.CPU)", "Options(Accelerator.TPU)"),
    ],
)
def test_a_wrong_call_does_not_compile(
    kotlin: Kotlin, folder_of: Kits, tmp_path: Path, right: str, wrong: str
) -> None:
    folder = shutil.copytree(folder_of("drawings"), tmp_path / "kit")
    source = (folder / CLASSIFIER).read_text()
    assert right in source
    (folder / CLASSIFIER).write_text(source.replace(right, wrong))
    done = kotlin.compile(sorted(folder.rglob("*.kt")), tmp_path / "classes")
    assert done.returncode != 0
    assert "Classifier.kt" in done.stderr


def test_what_needs_no_android_imports_none(kit_of: Kits) -> None:
    sources = list(kit_of("android").rglob("*.kt"))
    needing = {path.name for path in sources if "import android" in path.read_text()}
    assert needing == ON_ANDROID
    assert {path.name for path in sources} > needing | {"Contract.kt", "Preprocess.kt", "Numbers.kt"}
