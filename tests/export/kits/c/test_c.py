"""The kits of C and C++: compiled with all warnings, run against LiteRT's own library."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from export.errors import KitError
from export.kits import named_kits
from export.kits._kit import Done
from export.kits._make import litert_library
from export.kits._write import write_kit
from export.runtimes import litert
from tests.export.kits.c.programs import (
    LANGUAGES,
    Language,
    Models,
    as_initializer,
    build,
    demand_tools,
    example_of,
    files_in,
    make_test,
)
from tests.export.kits.kit_models import FORMS
from tests.often import often

OFTEN = {"colours", "values"}.__contains__
# By make, as people on Windows don't; each compiles programs.
pytestmark = [pytest.mark.posix, pytest.mark.integration]


@pytest.mark.parametrize("form", often(FORMS, OFTEN))
def test_it_gives_the_interpreters_bytes(
    language: Language, form: str, models: Models, tmp_path: Path
) -> None:
    (kit,) = named_kits([language.name])
    entry = write_kit(kit, models(form), tmp_path)
    assert entry["done"] == Done.RAN
    assert re.fullmatch(rf"{re.escape(language.compiler)} \d+\.\d+\.\d+, ai-edge-litert \S+", entry["how"])
    assert entry["max_abs_diff"] == 0
    assert len(entry["variants"]) == 6


@pytest.mark.parametrize("form", often(FORMS, OFTEN))
def test_the_readmes_program_says_what_the_interpreter_says(
    language: Language, form: str, models: Models, tmp_path: Path
) -> None:
    model = models(form)
    kit = language.write(model, tmp_path)
    given, image = model.examples[0].given, model.examples[0].image
    content = example_of(kit)
    content = re.sub(r"\[64 \* 64( \* 3)?\];", f"[] = {as_initializer(given)};", content)
    content = re.sub(r"\{64, 64, std::vector<.*\)\}", f"{{64, 64, {as_initializer(given)}}}", content)
    content = content.replace("64, 64", f"{given.shape[0]}, {given.shape[1]}")
    suffix = Path(language.sources[0]).suffix
    source, program = tmp_path / f"main{suffix}", tmp_path / "main"
    source.write_text(content, encoding="utf-8")
    build(language, kit, [source], program)
    said = subprocess.run([program], cwd=kit, capture_output=True, encoding="utf-8", check=True).stdout
    (numbers,) = litert.numbers(model.variants[0].path, image[None])
    reported = [line.rpartition(": ") for line in said.splitlines()]
    expected = dict(zip(model.labels, numbers, strict=True))
    if model.task == "classes":
        best = model.labels[int(numbers.argmax())]
        expected = {best: expected[best]}
    assert [label for label, _, _ in reported] == list(expected)
    # An image may differ by a grey level.
    np.testing.assert_allclose([float(number) for _, _, number in reported], [*expected.values()], atol=0.01)


@pytest.mark.parametrize("form", ["drawings", "colours"])
def test_every_source_names_the_files_it_was_written_for(
    language: Language, form: str, models: Models, tmp_path: Path
) -> None:
    kit = language.write(models(form), tmp_path)
    texts = [
        path for path in kit.rglob("*") if path.is_file() and path.parent.name not in ("models", "golden")
    ]
    assert len(texts) >= 9
    for path in texts:
        head = path.read_text(encoding="utf-8")
        assert all(variant.sha256 in head for variant in models(form).variants), path.name


def test_the_makefile_finds_the_library_of_the_python_on_the_path(
    language: Language, models: Models, tmp_path: Path
) -> None:
    kit = language.write(models("values"), tmp_path / "a folder")
    before = files_in(kit)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    run = make_test(kit, "ARGS=--pictures 2 integer-only.tflite", path=path)
    assert run.returncode == 0, run.stderr
    first, last = run.stdout.splitlines()
    assert first == "integer-only.tflite: 2 pictures, the same bytes, largest difference 0"
    assert last == f"preprocessing: {len(models('values').examples)} examples within one grey level"
    assert files_in(kit) == before


def test_without_the_library_it_says_which_to_install(
    language: Language, models: Models, tmp_path: Path
) -> None:
    run = make_test(language.write(models("values"), tmp_path), "LITERT_LIB=/none/libLiteRt.so")
    assert run.returncode
    assert run.stderr.startswith("expected LiteRT's library, found none: pip install ai-edge-litert==")


def test_cmake_builds_it_and_runs_its_test(language: Language, models: Models, tmp_path: Path) -> None:
    if shutil.which("cmake") is None:
        pytest.skip("no cmake on the PATH")
    kit, outside = language.write(models("values"), tmp_path), str(tmp_path / "build")
    before = files_in(kit)
    python = f"-DPython3_EXECUTABLE={sys.executable}"
    subprocess.run(["cmake", "-S", kit, "-B", outside, python], check=True)
    subprocess.run(["cmake", "--build", outside], check=True)
    subprocess.run(["ctest", "--test-dir", outside, "--output-on-failure"], check=True)
    assert files_in(kit) == before


def test_other_numbers_are_found(language: Language, models: Models, tmp_path: Path) -> None:
    model = models("values")
    wrong = {target: numbers.copy() for target, numbers in model.outputs.items()}
    wrong["tflite-float32"][3, 1] *= 1 + 1e-6
    (kit,) = named_kits([language.name])
    named = (
        rf"the {re.escape(kit.title)} kit .*float32\.tflite: expected the golden file's bytes, found others"
    )
    with pytest.raises(KitError, match=named):
        write_kit(kit, replace(model, outputs=wrong), tmp_path)


@pytest.mark.parametrize("missing", ["make", "compiler"])
def test_without_the_tools_nothing_is_claimed(
    language: Language, missing: str, models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    if missing != "make":
        (tools / "make").symlink_to(str(shutil.which("make")))
    monkeypatch.setenv("PATH", str(tools))
    (kit,) = named_kits([language.name])
    entry = write_kit(kit, models("values"), tmp_path)
    name = language.compiler if missing == "compiler" else "make"
    assert (entry["done"], entry["how"]) == (Done.NOTHING, f"{name} is missing here")
    assert "**not checked**" in (tmp_path / "kit" / language.name / "README.md").read_text()


@pytest.mark.parametrize("form", often(["drawings", "colours"], lambda form: form == "colours"))
def test_sanitizers_find_nothing(language: Language, form: str, models: Models, tmp_path: Path) -> None:
    flags = {"CC": "CFLAGS", "CXX": "CXXFLAGS"}[language.variable]
    sanitized = f"{flags}=-g -fsanitize=address,undefined -fno-sanitize-recover"
    run = make_test(language.write(models(form), tmp_path), f"LITERT_LIB={litert_library()}", sanitized)
    assert run.returncode == 0, run.stderr
    assert "ERROR" not in run.stderr


def test_cs_headers_serve_programs_of_cpp(models: Models, tmp_path: Path) -> None:
    demand_tools("g++")
    kit = LANGUAGES["c"].write(models("drawings"), tmp_path)
    source = tmp_path / "app.cpp"
    source.write_text('#include "classifier.h"\nint main() { classifier_close(nullptr); }\n')
    flags = ["-std=c++17", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{kit}"]
    subprocess.run(["g++", *flags, source], check=True)
