"""Drawings, manifests, `.npz` and pictures with random damage: read, or refused in one line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS = float(os.environ.get("FUZZ_SECONDS", "3"))


@pytest.mark.parametrize("kind", ["drawings", "manifest", "npz", "pictures"])
def test_random_damage_is_an_error_of_one_line(kind: str, tmp_path: Path) -> None:
    script = Path(__file__).with_name("fuzz_inputs.py")
    done = subprocess.run(
        [sys.executable, str(script), kind, str(tmp_path), str(SECONDS)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    print(found)
    assert found["refused"] > 10
