"""The kit for microcontrollers, run by TFLM's own interpreter and read by a compiler for Cortex-M."""

import io
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tflite

from export.errors import KitError
from export.kits import _arena, _tflm, micro
from export.kits._examples import examples
from export.kits._kit import Done
from export.kits._model import KitModel
from export.kits._tflm_operations import method_of
from export.kits._write import write_kit
from export.manifest import record_all
from tests.often import often
from train.contract import InputContract

MOST_ARENA = 43_000  # bytes, for the default network's integer-only file

pytestmark = [
    pytest.mark.skipif(find_spec("tflite_micro") is None, reason="tflite-micro is missing"),
    pytest.mark.skipif(shutil.which("arm-none-eabi-g++") is None, reason="gcc-arm-none-eabi is missing"),
]


@pytest.fixture(scope="module")
def kit(drawings_model: KitModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For drawings; read-only."""
    folder = tmp_path_factory.mktemp("drawings")
    write_kit(micro.KIT, drawings_model, folder)
    return folder / "kit" / "micro"


@pytest.fixture
def own_kit(kit: Path, tmp_path: Path) -> Path:
    """The same, to be broken."""
    return Path(shutil.copytree(kit, tmp_path / "micro"))


def self_test(folder: Path, *parts: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(folder / "selftest.py"), *parts]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def changed(path: Path, text: str, other: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert text in content
    path.write_text(content.replace(text, other, 1), encoding="utf-8")


def arrays(folder: Path) -> dict[str, bytes]:
    text = (folder / "model.cc").read_text(encoding="utf-8")
    found = re.findall(r"namespace (\w+) \{\n\nalignas\(16\) [^{]*\{([^}]*)\}", text)
    return {name: bytes(map(int, re.findall(r"\d+", numbers))) for name, numbers in found}


def test_its_documented_self_test_passes_and_leaves_nothing(kit: Path) -> None:
    before = record_all(kit, kit)
    command = ["make", "-C", str(kit), "test", f"PYTHON={sys.executable}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for file in ("integer-only.tflite", "int8.tflite", "int16x8.tflite"):
        assert re.search(rf"{file}: 12 pictures in an arena of \d+ bytes", done.stdout)
    assert re.search(r"preprocessing: \d+ examples, 0 grey levels from the reference at most", done.stdout)
    assert "syntax and types of 5 files are right, for 3 models" in done.stdout
    assert record_all(kit, kit) == before


def test_colour_pictures_have_a_kit_that_passes_too(colours_model: KitModel, tmp_path: Path) -> None:
    entry = write_kit(micro.KIT, colours_model, tmp_path)
    assert entry["done"] == Done.RAN
    assert "tflite-integer-only" in entry["variants"]
    done = self_test(tmp_path / "kit" / "micro")
    assert "preprocessing: 5 examples, 0 grey levels" in done.stdout, done.stderr


def test_every_source_names_the_files_and_their_digests(kit: Path, drawings_model: KitModel) -> None:
    sources = [
        file for file in kit.rglob("*") if file.suffix in {".h", ".cc", ".py"} or file.name == "Makefile"
    ]
    assert len(sources) == 19
    for source in sources:
        text = source.read_text(encoding="utf-8")
        for variant in drawings_model.only(micro.TARGETS).variants:
            assert f"{variant.file} ({variant.target}), SHA-256 {variant.sha256}" in text, source


def test_an_array_is_its_file_without_the_appended_labels(kit: Path) -> None:
    found = arrays(kit)
    assert set(found) == {"integer_only", "int8", "int16x8"}
    for name, content in found.items():
        file = (kit / "models" / f"{name.replace('_', '-')}.tflite").read_bytes()
        assert file.startswith(content)
        assert tflite.Model.ModelBufferHasIdentifier(content, 0)
        assert zipfile.ZipFile(io.BytesIO(file[len(content) :])).namelist() == ["labels.txt"]


def test_the_resolver_has_the_operations_in_use_and_no_other(kit: Path) -> None:
    names = {code: name for name, code in vars(tflite.BuiltinOperator).items() if name.isupper()}
    source, header = ((kit / file).read_text(encoding="utf-8") for file in ("model.cc", "model.h"))
    for namespace, content in arrays(kit).items():
        model = tflite.Model.GetRootAs(content, 0)
        codes = [model.OperatorCodes(at).BuiltinCode() for at in range(model.OperatorCodesLength())]
        block = source.split(f"}}  // namespace {namespace}\n")[0].rpartition("void AddOperations")[2]
        assert set(re.findall(r"resolver\.(\w+)\(", block)) == {method_of(names[code]) for code in codes}
        described = header.split(f"}}  // namespace {namespace}\n")[0].rpartition("namespace ")[2]
        assert re.findall(r"MicroMutableOpResolver<(\d+)>", described) == [str(len(set(codes)))]


def test_the_arena_is_the_smallest_and_what_is_reserved_has_the_margin(
    kit: Path, drawings_model: KitModel
) -> None:
    header = (kit / "model.h").read_text(encoding="utf-8")
    found = re.findall(r"// (\d+) bytes measured.*?constexpr size_t kArena = (\d+);", header, re.S)
    variants = drawings_model.only(micro.TARGETS).variants
    for variant, (measured, reserved) in zip(variants, found, strict=True):
        content = variant.path.read_bytes()
        _tflm.opened(content, int(measured))
        with pytest.raises(RuntimeError):
            _tflm.opened(content, int(measured) - _tflm.GRAIN)
        assert int(measured) * 1.1 <= int(reserved) < int(measured) * 1.1 + _tflm.GRAIN
    assert int(found[0][0]) <= MOST_ARENA


@pytest.mark.parametrize(
    ("file", "text", "other", "part"),
    [
        ("model.cc", ",0,0,0,84,70,76,51", ",0,0,1,84,70,76,51", "run"),
        ("preprocess.cc", "kBox = 20", "kBox = 19", "preprocess"),
        ("model.cc", "AddConv2D", "AddConv3D", "compile"),
        ("classifier.cc", "AllocateTensors() ==", "AllocateTensors ==", "compile"),
        ("selftest.py", '"integer_only": 0.0', '"integer_only": -0.0', "run"),
    ],
)
def test_its_self_test_finds_what_is_wrong(
    own_kit: Path, file: str, text: str, other: str, part: str
) -> None:
    changed(own_kit / file, text, other)
    done = self_test(own_kit, part)
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith("expected ")


def test_a_kit_that_is_wrong_is_refused(own_kit: Path, drawings_model: KitModel) -> None:
    changed(own_kit / "preprocess.cc", "kCentre * size", "0.4 * size")
    with pytest.raises(
        KitError, match="expected the kit for microcontrollers to pass its self-test, found: "
    ):
        micro.prove(own_kit, drawings_model.only(micro.TARGETS))


def test_a_file_that_tflm_lacks_an_operation_for_is_left_out(
    drawings_model: KitModel, tmp_path: Path
) -> None:
    lacking = {"name": "GELU", "version": 1, "count": 1}
    variants = [
        replace(variant, operations=[lacking]) if variant.target == "tflite-int8" else variant
        for variant in drawings_model.variants
    ]
    entry = write_kit(micro.KIT, replace(drawings_model, variants=tuple(variants)), tmp_path)
    assert entry["variants"] == ["tflite-integer-only", "tflite-int16x8"]
    readme = (tmp_path / "kit" / "micro" / "README.md").read_text(encoding="utf-8")
    assert "int8.tflite is left out: TFLM has no GELU." in readme


def test_a_model_without_any_file_that_runs_has_no_kit(drawings_model: KitModel, tmp_path: Path) -> None:
    lacking = {"name": "GELU", "version": 1, "count": 1}
    variants = tuple(replace(variant, operations=[lacking]) for variant in drawings_model.variants)
    with pytest.raises(KitError, match="TFLM has no GELU; int8"):
        write_kit(micro.KIT, replace(drawings_model, variants=variants), tmp_path)


def test_a_file_that_tflm_refuses_is_left_out_with_its_reason(drawings_model: KitModel) -> None:
    (dynamic,) = drawings_model.only(["tflite-dynamic"]).variants
    assert "Hybrid models are not supported" in (micro.refusal(drawings_model, dynamic) or "")


def test_a_file_that_tflm_gives_others_for_is_left_out(drawings_model: KitModel) -> None:
    (variant,) = drawings_model.only(["tflite-integer-only"]).variants
    rolled = np.roll(drawings_model.outputs[variant.target], 1, axis=1)
    others = {**drawings_model.outputs, variant.target: rolled}
    reason = micro.refusal(replace(drawings_model, outputs=others), variant)
    assert re.search(r"quantization levels from LiteRT's$", reason or "")


def test_without_the_wheel_no_arena_is_made_up(
    drawings_model: KitModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (_arena, micro):
        monkeypatch.setattr(module, "wheel_version", lambda: None)
    entry = write_kit(micro.KIT, drawings_model, tmp_path)
    assert entry["done"] == Done.TYPE_CHECKED
    assert "tflite-micro is missing" in entry["how"]
    folder = tmp_path / "kit" / "micro"
    assert "**The arena was not measured**" in (folder / "README.md").read_text(encoding="utf-8")
    command = ["arm-none-eabi-g++", "-fsyntax-only", "-std=c++17", f"-I{folder}", f"-isystem{folder}/stubs"]
    done = subprocess.run([*command, folder / "classifier.cc"], capture_output=True, text=True, check=False)
    assert "expected INKPROOF_ARENA, the bytes of the arena, which was not measured" in done.stderr


@pytest.mark.parametrize("task", often(["classes", "several", "values"], lambda task: task == "values"))
def test_grey_pictures_become_the_reference_s_whatever_is_made_of_them(
    drawings_model: KitModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, task: str
) -> None:
    contract = InputContract.scaled_to((12, 16, 1), 10)
    manifest = replace(drawings_model.manifest, model={**drawings_model.manifest.model, "task": task})
    images = np.zeros((12, 12, 16, 1), np.uint8)
    grey: dict[str, Any] = {
        "manifest": manifest,
        "contract": contract,
        "images": images,
        "examples": examples(contract),
    }
    for module in (_arena, micro):  # the files are still those of drawings: nothing can be run
        monkeypatch.setattr(module, "wheel_version", lambda: None)
    write_kit(micro.KIT, replace(drawings_model, **grey), tmp_path)
    done = self_test(tmp_path / "kit" / "micro", "preprocess", "compile")
    assert "preprocessing: 5 examples, 0 grey levels" in done.stdout, done.stderr
    assert "syntax and types of 5 files are right, for 3 models" in done.stdout
