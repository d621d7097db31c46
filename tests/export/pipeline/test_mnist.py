"""The real MNIST, end to end, with few epochs."""

from pathlib import Path

import pytest

from export.manifest import read_manifest
from tests.export.command_line import run

# CI exports the default network of MNIST by the README's commands.
pytestmark = [pytest.mark.mnist, pytest.mark.slow]


def test_two_commands_make_ten_proven_models_of_the_network_of_a_course(
    mnist_npz: Path, tmp_path: Path
) -> None:
    out = tmp_path / "artifacts"
    for command in (["train", "--model", "mlp", "--epochs", "4"], ["export", "all"]):
        done = run(*command, "--out", out, environment={"MNIST_NPZ": str(mnist_npz)})
        assert (done.returncode, done.stderr) == (0, "")
    manifest = read_manifest(out)
    assert manifest.dataset["name"] == "mnist"
    assert manifest.dataset["samples"] == 10_000
    assert manifest.reference["accuracy"] > 0.8
    assert len(manifest.targets) == 10
    for target in manifest.targets:
        assert target["parity"]["passed"], target
    exact = {target["name"]: target["parity"] for target in manifest.targets}["tflite-float32"]
    assert exact["max_abs_diff"] <= 1e-5
    assert exact["undecided"] == 0
