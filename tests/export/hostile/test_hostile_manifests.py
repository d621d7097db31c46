"""Manifests that are hostile or broken: one line on stderr, little memory, nothing written."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.export.hostile.hostile_manifests import MANIFESTS
from tests.export.hostile.no_files import endless, pipe, sparse

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("command", ["verify", "check"])
def test_a_manifest_is_refused(command: str, tmp_path: Path, run_all: Callable[..., Any]) -> None:
    lines = []
    for number, (content, _) in enumerate(MANIFESTS.values()):
        out = tmp_path / str(number)
        out.mkdir()
        (out / "manifest.json").write_bytes(content)
        (out / "model.h5").write_bytes(b"abc")
        (out / "passwd").symlink_to("/etc/passwd")
        (out / "zero").symlink_to("/dev/zero")
        os.mkfifo(out / "pipe")
        lines.append([command, "--out", out])
    before = sorted(tmp_path.rglob("*"))
    outcomes = dict(zip(MANIFESTS, run_all("export", lines, tmp_path), strict=True))
    assert sorted(tmp_path.rglob("*")) == before
    for name, outcome in outcomes.items():
        outcome.refused(saying=MANIFESTS[name][1] if command == "verify" else "expected")


@pytest.mark.parametrize("command", ["verify", "check", "bench", "kit"])
def test_what_is_no_file_is_no_manifest(command: str, tmp_path: Path, run_all: Callable[..., Any]) -> None:
    lines = []
    makers: list[Callable[[Path], object]] = [pipe, endless, sparse, Path.mkdir]
    for number, make in enumerate(makers):
        out = tmp_path / str(number)
        out.mkdir()
        make(out / "manifest.json")
        lines.append([command, "--out", out])
    for outcome in run_all("export", lines, tmp_path):
        outcome.refused(saying="expected a manifest at")
