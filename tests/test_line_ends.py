"""What the project writes has the same bytes on every system: whoever writes text says how lines end."""

import ast
from pathlib import Path

import pytest

from export.pipeline.cache_keys import PACKAGES, ROOT

SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def writes_without_line_ends(source: str) -> list[int]:
    """The lines that write text, and leave it to the system how its lines end."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        call.lineno
        for call in calls
        if _writes_text(call) and not any(keyword.arg == "newline" for keyword in call.keywords)
    ]


def _writes_text(call: ast.Call) -> bool:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name == "write_text":
        return True
    given = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "mode")]
    modes = [node.value for node in given if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return name in ("open", "fdopen", "TemporaryFile", "NamedTemporaryFile") and any(
        set(mode) <= set("wax+t") and set(mode) & set("wax+") for mode in modes
    )


@pytest.mark.parametrize(
    "line", ["path.write_text(text, encoding='utf-8')", "open(path, 'w')", "path.open(mode='a+')"]
)
def test_one_is_found(line: str) -> None:
    assert writes_without_line_ends(f"{line}\n{line[:-1]}, newline='')") == [1]


@pytest.mark.parametrize("line", ["path.open('wb')", "open(path)", "path.read_text()", "path.open('r')"])
def test_others_are_none(line: str) -> None:
    assert writes_without_line_ends(line) == []


def test_there_is_none() -> None:
    assert len(SOURCES) > 200
    found = {str(path): writes_without_line_ends(path.read_text(encoding="utf-8")) for path in SOURCES}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_no_source_ends_its_lines_in_another_way() -> None:
    web = [path for folder in ("src", "build") for path in (ROOT / "web" / folder).rglob("*")]
    templates = [path for package in PACKAGES for path in (ROOT / package).rglob("*.jinja")]
    texts = [path for path in [*SOURCES, *templates, *web] if path.is_file() and path.suffix != ".png"]
    assert [path for path in texts if b"\r" in Path(path).read_bytes()] == []
