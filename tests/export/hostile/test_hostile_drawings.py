"""Drawings that are hostile or broken: one line on stderr, little memory, nothing written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.export.hostile.no_files import endless, pipe, sparse

pytestmark = pytest.mark.integration

DRAWING = b'{"label": 1, "strokes": [[[0, 0], [1, 1]]]}\n'
DRAWINGS: dict[str, tuple[Callable[[Path], object], str]] = {
    "pipe": (pipe, "found a named pipe"),
    "endless": (endless, "found a device"),
    "sparse": (sparse, "more than 200,000,000 bytes"),
    "label 20000": (
        lambda path: path.write_bytes(DRAWING + DRAWING.replace(b"1,", b"20000,", 1)),
        "line 2 of",
    ),
    "label 1e999": (lambda path: path.write_bytes(DRAWING.replace(b"1,", b"1e999,", 1)), "line 1 of"),
    "400 digits": (
        lambda path: path.write_bytes(DRAWING.replace(b"[1,", b"[" + b"9" * 400 + b",")),
        "line 1 of",
    ),
    "1.7e308": (lambda path: path.write_bytes(DRAWING.replace(b"[1,", b"[-1.7e308,")), "line 1 of"),
    "brackets": (lambda path: path.write_bytes(DRAWING + b"[" * 100_000), "line 2 of"),
    "strokes": (
        lambda path: path.write_bytes(DRAWING.replace(b"[[0", b"[[0, 0]], " * 300_000 + b"[[0")),
        "line 1 of",
    ),
    "one long line": (lambda path: path.write_bytes(b"[" * 190_000_000), "line 1 of"),
}


def test_drawings_are_refused(tmp_path: Path, run_all: Callable[..., Any]) -> None:
    lines = []
    for number, (make, _) in enumerate(DRAWINGS.values()):
        make(tmp_path / str(number))
        lines.append(["evaluate", "--drawings", tmp_path / str(number)])
    for outcome, (_, saying) in zip(run_all("train", lines, tmp_path), DRAWINGS.values(), strict=True):
        outcome.refused(saying=saying)
