"""The documentation: its links lead somewhere, and the paths and commands that it quotes exist."""

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from pkgutil import resolve_name

import click
import pytest

from export.cli import cli as export_cli
from export.targets import all_targets
from train.cli import cli as train_cli

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob(".github/*.md"), *ROOT.glob("[!.]*/README.md")])
REFERENCE = [page for page in PAGES if page.parent != ROOT]
CURRENT = [page for page in PAGES if page.name != "CHANGELOG.md"]  # which tells of the past, too
COMMANDS = {"train": train_cli, "export": export_cli}
MOST_LINES = 150
MOST_PICTURE_BYTES = 150_000

FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`]+)`")
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
OWN_PATH = re.compile(r"(train|export|web|tests|src|build|\.ci|\.github)/[\w./-]*")
TARGET_NAME = re.compile(r"(tfjs|tflite)-[\w-]+")
OWN_MODULE = re.compile(r"(train|export)(\.\w+)+")


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


on_each_page = pytest.mark.parametrize("page", PAGES, ids=named)


def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def quoted(page: Path) -> list[str]:
    """All that a page has in backticks outside of its blocks of code, line breaks taken out."""
    return [" ".join(text.split()) for text in INLINE.findall(prose(page))]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    return {anchor_of(heading) for heading in HEADING.findall(prose(page))}


def anchor_of(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def shell_commands(page: Path) -> Iterator[list[str]]:
    """The words of each command in a page's blocks of shell."""
    for _, language, content in FENCE.findall(page.read_text(encoding="utf-8")):
        if language == "sh":
            for line in content.replace("\\\n", " ").splitlines():
                yield from (shlex.split(command, comments=True) for command in line.split(" && "))


def command_lines(page: Path) -> Iterator[list[str]]:
    """The words behind `python -m` of each command line for `train` or `export` on a page."""
    mentioned = [shlex.split(text) for text in quoted(page) if text.startswith("python -m ")]
    for words in [*shell_commands(page), *mentioned]:
        if "-m" in words and words[words.index("-m") + 1] in COMMANDS:
            yield words[words.index("-m") + 1 :]


def test_there_are_pages() -> None:
    assert {named(page) for page in PAGES} >= {
        "README.md",
        "train/README.md",
        "export/README.md",
        "web/README.md",
        ".github/CONTRIBUTING.md",
        ".github/SECURITY.md",
    }


@on_each_page
def test_links_lead_to_files_and_headings(page: Path) -> None:
    for link in LINK.findall(prose(page)):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.is_relative_to(ROOT), link
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", REFERENCE, ids=named)
def test_the_contents_of_a_reference_page_are_complete(page: Path) -> None:
    listed = [link.removeprefix("#") for link in LINK.findall(prose(page)) if link.startswith("#")]
    sections = [anchor_of(heading) for heading in re.findall(r"^## (.+)$", prose(page), re.MULTILINE)]
    assert sections
    assert [link for link in listed if link in sections][: len(sections)] == sections


@pytest.mark.parametrize("page", CURRENT, ids=named)
def test_quoted_paths_exist(page: Path) -> None:
    for text in filter(OWN_PATH.fullmatch, quoted(page)):
        assert (ROOT / text).exists() or (page.parent / text).exists(), text


@pytest.mark.parametrize("page", CURRENT, ids=named)
def test_quoted_modules_and_functions_exist(page: Path) -> None:
    for text in filter(OWN_MODULE.fullmatch, quoted(page)):
        assert resolve_name(text), text


@pytest.mark.parametrize("page", CURRENT, ids=named)
def test_quoted_targets_exist(page: Path) -> None:
    known = {target.name for target in all_targets()}
    assert set(filter(TARGET_NAME.fullmatch, quoted(page))) <= known


def test_the_readme_names_every_target() -> None:
    assert {target.name for target in all_targets()} <= set(quoted(ROOT / "README.md"))


@on_each_page
def test_quoted_commands_are_accepted(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for cli in COMMANDS.values():
        for command in cli.commands.values():
            monkeypatch.setattr(command, "callback", None)  # parsed, and not run
    for package, *arguments in command_lines(page):
        try:
            COMMANDS[package].main(arguments, prog_name=package, standalone_mode=False)
        except click.MissingParameter:
            pass  # a command that is only mentioned
        except click.ClickException as error:
            pytest.fail(f"python -m {package} {shlex.join(arguments)}: {error.format_message()}")


def test_quoted_commands_are_found() -> None:
    found = [" ".join(words) for page in PAGES for words in command_lines(page)]
    assert "export all" in found
    assert "export serve" in found
    assert "train sweep --data mine.npz" in found  # behind variables of the environment
    assert any(line.startswith("train --convolutions") for line in found)


def test_the_readme_shows_small_pictures() -> None:
    pictures = [ROOT / link for link in LINK.findall(prose(ROOT / "README.md")) if link.endswith(".png")]
    assert len(pictures) == 2
    for picture in pictures:
        assert picture.stat().st_size < MOST_PICTURE_BYTES, picture


@on_each_page
def test_quoted_scripts_exist(page: Path) -> None:
    scripts = json.loads((ROOT / "web" / "package.json").read_text(encoding="utf-8"))["scripts"]
    for words in shell_commands(page):
        if words and words[0].startswith(".ci/"):
            assert (ROOT / words[0]).is_file(), words
        if "run" in words[:2]:
            assert words[2] in scripts, words


@on_each_page
def test_quoted_markers_of_tests_exist(page: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    known = {marker.partition(":")[0] for marker in project["tool"]["pytest"]["ini_options"]["markers"]}
    for words in shell_commands(page):
        if words[:3] == ["python", "-m", "pytest"] and "-m" in words[3:]:
            assert set(words[-1].split()) - {"not"} <= known, words


def test_the_diagram_has_the_layers_that_import_linter_checks() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = [one for one in project["tool"]["importlinter"]["contracts"] if one["type"] == "layers"]
    layers = {
        re.sub(r"\w+\.(\w+)", r"\1", layer).replace(" | ", ", ")
        for contract in contracts
        for layer in contract["layers"]
    }
    text = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert set(re.findall(r'[et]\d+\["([^"]+)"\]', text)) == layers - {"__main__"}


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= MOST_LINES
