"""The real MNIST, end to end, with few epochs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.mnist


def test_two_commands_make_ten_proven_copies_of_the_network_of_a_course(
    mnist_npz: Path, tmp_path: Path
) -> None:
    out = tmp_path / "artifacts"
    environment = {**os.environ, "MNIST_NPZ": str(mnist_npz)}
    for command in (
        ["train", "--model", "mlp", "--epochs", "4"],
        ["export", "all"],
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
    assert len(manifest["targets"]) == 10
    for target in manifest["targets"]:
        assert target["parity"]["passed"], target
    exact = {target["name"]: target["parity"] for target in manifest["targets"]}["tflite-float32"]
    assert exact["max_abs_diff"] <= 1e-5
    assert exact["undecided"] == 0
