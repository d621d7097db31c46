"""The real MNIST, end to end, with few epochs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.mnist


def test_two_commands_make_ten_proven_copies(mnist_npz: Path, tmp_path: Path) -> None:
    out = tmp_path / "artifacts"
    environment = {**os.environ, "MNIST_NPZ": str(mnist_npz)}
    for command in (
        ["train", "--model", "mlp", "--epochs", "4"],
        ["export", "all", "--target", "tflite-float32"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", *command, "--out", str(out)],
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
    manifest = json.loads((out / "manifest.json").read_bytes())
    assert manifest["dataset"]["name"] == "mnist"
    assert manifest["dataset"]["samples"] == 10_000
    assert manifest["reference"]["accuracy"] > 0.8
    (target,) = manifest["targets"]
    assert target["parity"]["passed"]
    assert target["parity"]["max_abs_diff"] <= 1e-5
