"""Drawings, manifests, `.npz` and pictures with random damage: read, or refused in one line."""

from pathlib import Path

import pytest

from tests.export.hostile.fuzzing import fuzzed

pytestmark = pytest.mark.posix  # limits its memory


@pytest.mark.parametrize("kind", ["drawings", "manifest", "npz", "pictures"])
def test_random_damage_is_an_error_of_one_line(kind: str, tmp_path: Path) -> None:
    fuzzed("fuzz_inputs.py", kind, tmp_path)
