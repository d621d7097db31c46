"""What is parsed here and not compiled: the sources of the kits for phones."""

import importlib.util
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from export.errors import KitError
from export.kits import _syntax, named_kits
from export.kits._kit import Done
from export.kits._model import KitModel
from tests.export.kits.conftest import KITS

LANGUAGES = {"android": ("kotlin", ".kt"), "flutter": ("dart", ".dart"), "ios": ("swift", ".swift")}


def needs_grammar(language: str) -> None:
    package = f"tree_sitter_{language}"
    if importlib.util.find_spec("tree_sitter") and importlib.util.find_spec(package):
        return
    reason = f"tree-sitter or {package} is not installed"
    pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


@pytest.mark.integration
@pytest.mark.parametrize("fixture", KITS)
@pytest.mark.parametrize("platform", LANGUAGES)
def test_sources_are_parsed(fixture: str, platform: str, request: pytest.FixtureRequest) -> None:
    needs_grammar(LANGUAGES[platform][0])
    folder = request.getfixturevalue(fixture)(platform)
    assert list(folder.rglob(f"*{LANGUAGES[platform][1]}"))
    proof = _syntax.parse(folder, *LANGUAGES[platform])
    assert proof.done == Done.PARSED
    assert re.fullmatch(r"tree-sitter [\d.]+, tree-sitter-\w+ [\d.]+", proof.how)
    assert f"**parsed only** ({proof.how})" in (folder / "README.md").read_text()


@pytest.mark.parametrize("platform", LANGUAGES)
def test_a_broken_source_is_found(
    kit_of: Callable[[str], Path], drawings_model: KitModel, platform: str, tmp_path: Path
) -> None:
    language, suffix = LANGUAGES[platform]
    needs_grammar(language)
    (kit,) = named_kits([platform])
    folder = shutil.copytree(kit_of(platform), tmp_path / "kit")
    for source in sorted(folder.rglob(f"*{suffix}")):
        text = source.read_text()
        place = text.rindex("}") if "}" in text else text.rindex(")")
        source.write_text(text[:place] + text[place + 1 :])
        name = re.escape(str(source.relative_to(folder)))
        with pytest.raises(KitError, match=rf"syntax error in {name}, line \d+: correct its template"):
            kit.prove(folder, drawings_model)
        source.write_text(text)


def test_a_line_is_named(tmp_path: Path) -> None:
    needs_grammar("kotlin")
    (tmp_path / "A.kt").write_text("val a = 1\n\nfun b(: Int) = 2\n")
    with pytest.raises(KitError, match=r"found a syntax error in A\.kt, line 3:"):
        _syntax.parse(tmp_path, "kotlin", ".kt")


def test_without_a_grammar_nothing_is_claimed(tmp_path: Path) -> None:
    proof = _syntax.parse(tmp_path, "klingon", ".kt")
    assert proof.done == Done.NOTHING
    assert proof.how == "tree-sitter-klingon is not installed"


@pytest.mark.parametrize("platform", LANGUAGES)
def test_every_source_names_its_files(colour_kit_of: Callable[[str], Path], platform: str) -> None:
    folder = colour_kit_of(platform)
    (described,) = folder.rglob("golden.json")
    digests = {variant["sha256"] for variant in json.loads(described.read_bytes())["variants"]}
    for source in [*folder.rglob(f"*{LANGUAGES[platform][1]}"), folder / "README.md"]:
        assert digests == set(re.findall(r"[0-9a-f]{64}", source.read_text())), source


@pytest.mark.integration
@pytest.mark.parametrize(
    ("fixture", "names"),
    [
        ("kit_of", "imageOf cropOf coverage withoutSpecks sideOf connected partFrom grey"),
        ("kit_of", "massOfRows massOfColumns"),
        ("colour_kit_of", "imageOf channelOf samples between"),
    ],
)
def test_preprocessing_is_the_same_function_by_function(
    fixture: str, names: str, request: pytest.FixtureRequest
) -> None:
    for platform, (_, suffix) in LANGUAGES.items():
        (source,) = request.getfixturevalue(fixture)(platform).rglob(f"[Pp]reprocess{suffix}")
        functions = set(re.findall(r"\b_?(\w+)\([^()]*\)[^;\n]*(?:\{|=>| = )", source.read_text()))
        assert functions >= set(names.split()), platform
