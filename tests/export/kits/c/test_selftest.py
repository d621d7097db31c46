"""What the self-tests of C and C++ find, and what they say."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.export.kits.c.programs import Language, Models, Programs, self_test

# By make, as people on Windows don't; each compiles programs.
pytestmark = [pytest.mark.posix, pytest.mark.integration]


@pytest.mark.parametrize(("factor", "passes"), [(1 + 1e-6, True), (1.05, False), (np.nan, False)])
def test_on_another_processor_nearly_the_same_numbers_will_do(
    language: Language, factor: float, passes: bool, models: Models, programs: Programs, tmp_path: Path
) -> None:
    kit = language.write(models("values"), tmp_path)
    golden = kit / "golden" / "float32.bin"
    (np.fromfile(golden, "<f4") * np.float32(factor)).astype("<f4").tofile(golden)
    run = self_test(kit, programs(language, "values"), "--differences", "float32.tflite")
    assert (run.returncode == 0) == passes, run.stderr
    assert "OTHER BYTES, largest difference" in run.stdout
    assert passes or "float32.tflite: expected nearly the golden file's numbers" in run.stderr


@pytest.mark.parametrize(("levels", "passes"), [(2, True), (3, False)])
def test_quantized_numbers_may_be_two_levels_off_there(
    language: Language, levels: int, passes: bool, models: Models, programs: Programs, tmp_path: Path
) -> None:
    kit = language.write(models("values"), tmp_path)
    golden = kit / "golden" / "integer-only.bin"
    found = np.fromfile(golden, np.uint8)
    np.where(found < 128, found + levels, found - levels).astype(np.uint8).tofile(golden)
    run = self_test(kit, programs(language, "values"), "--differences", "integer-only.tflite")
    assert (run.returncode == 0) == passes, run.stderr


@pytest.mark.parametrize("form", ["drawings", "colours"])
def test_other_preprocessing_is_found(
    language: Language, form: str, models: Models, programs: Programs, tmp_path: Path
) -> None:
    model = models(form)
    first, *others = model.examples
    image = first.image.copy()
    image.flat[40] = (int(image.flat[40]) + 128) % 256
    wrong = replace(model, examples=(replace(first, image=image), *others))
    run = self_test(language.write(wrong, tmp_path), programs(language, form), "int8.tflite")
    assert run.returncode
    assert "within one grey level, found another" in run.stderr


@pytest.mark.parametrize("damaged", ["models/int8.tflite", "golden/images.bin", "golden/int8.bin"])
def test_a_damaged_file_is_named_and_the_others_still_run(
    language: Language, damaged: str, models: Models, programs: Programs, tmp_path: Path
) -> None:
    kit = language.write(models("values"), tmp_path)
    (kit / damaged).write_bytes(b"TFL3")
    run = self_test(kit, programs(language, "values"), "int8.tflite")
    assert run.returncode == 1
    assert "\nint8.tflite: expected " in f"\n{run.stderr}"
    assert run.stdout.splitlines()[-1].startswith("preprocessing: ")


def test_another_models_file_is_refused(
    language: Language, models: Models, programs: Programs, tmp_path: Path
) -> None:
    kit = language.write(models("values"), tmp_path)
    shutil.copy(models("colours").variants[0].path, kit / "models" / "int8.tflite")
    run = self_test(kit, programs(language, "values"), "int8.tflite")
    assert run.returncode == 1
    assert "int8.tflite: expected the model of this kit, found one of another size" in run.stderr


def test_unknown_arguments_and_other_folders_are_messages(
    language: Language, programs: Programs, tmp_path: Path
) -> None:
    run = self_test(tmp_path, programs(language, "values"), "int9.tflite")
    assert run.returncode == 1
    assert "expected --differences, --pictures N or a file in models/" in run.stderr
    run = self_test(tmp_path, programs(language, "values"))
    assert run.returncode == 1
    assert "run me in the kit's folder" in run.stderr
