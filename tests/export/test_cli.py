"""The command line as its users meet it: a process, its exit status, its one line on stderr."""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from export.targets import all_targets
from tests.export.command_line import complaint, run, start
from tests.often import often


def test_help_needs_nothing_heavy(tmp_path: Path) -> None:
    program = "import sys, export.cli, train.cli; print({'tensorflow', 'numpy', 'rich'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "set()"
    done = run("export", "--help", cwd=tmp_path)
    assert done.returncode == 0
    for command in ("all", "targets", "check", "bench", "kit", "verify", "serve"):
        assert command in done.stdout


def test_targets_are_listed_one_a_line(tmp_path: Path) -> None:
    lines = run("export", "targets", cwd=tmp_path).stdout.splitlines()
    assert [line.split()[0] for line in lines] == [target.name for target in all_targets()]
    assert all(len(line.split()) > 2 for line in lines)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["all", "--nonsense"],
        ["all", "--target", "nonsense"],
        ["serve", "--port", "x"],
        ["all", "--scale", "nonsense"],
    ],
)
def test_a_wrong_command_line_is_status_2(tmp_path: Path, arguments: list[str]) -> None:
    done = run("export", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert "nonsense" in done.stderr or "'x'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_preset_for_a_model_that_is_trained_is_status_2(tmp_path: Path) -> None:
    (tmp_path / "artifacts").mkdir()
    (tmp_path / "artifacts" / "model.h5").touch()
    done = run("export", "all", "--preset", "quick", cwd=tmp_path)
    assert done.returncode == 2
    assert "artifacts/model.h5 is trained already: leave it out" in done.stderr


@pytest.mark.parametrize("command", ["verify", "check", "kit", "serve"])
def test_without_artifacts_there_is_nothing_to_do(tmp_path: Path, command: str) -> None:
    complaint(run("export", command, cwd=tmp_path))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--model", "none.h5"], "found no file"),
        (["--model", "empty.h5"], "empty"),
        (["--model", "text.h5"], "damaged or other file"),
        (["--model", "good.h5", "--data", "none.npz"], "found no file"),
        (["--model", "good.h5", "--data", "text.h5"], "damaged"),
        (["--model", "good.h5", "--data", "pickle.npz"], "pickled"),
        (["--model", "good.h5", "--data", "shape.npz"], "of one shape"),
        (["--model", "good.h5", "--out", "text.h5"], "found a file"),
        (["--model", "good.h5", "--out", "text.h5/inside"], "can't be"),
        (["--model", "good.h5", "--out", "/proc/nowhere/out"], "can't be"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(
    tmp_path: Path, trained: Path, arguments: list[str], reason: str
) -> None:
    shutil.copy(trained, tmp_path / "good.h5")
    (tmp_path / "empty.h5").touch()
    (tmp_path / "text.h5").write_text("text")
    pictures, labels = np.zeros((20, 28, 28), np.uint8), np.zeros(20, np.uint8)
    good: dict[str, Any] = {"x_train": pictures, "y_train": labels, "x_test": pictures, "y_test": labels}
    np.savez(tmp_path / "pickle.npz", **{**good, "x_test": np.array([{}] * 20, dtype=object)})
    np.savez(tmp_path / "shape.npz", **{**good, "x_test": pictures[:, :20]})
    before = sorted(path.name for path in tmp_path.iterdir())
    scratch = tmp_path.parent / f"{tmp_path.name}-scratch"
    scratch.mkdir()
    assert reason in complaint(
        run("export", "all", *arguments, cwd=tmp_path, environment={"TMPDIR": str(scratch)})
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert not list(scratch.iterdir())


def test_a_model_of_another_shape_is_one_line(tmp_path: Path, trained: Path) -> None:
    pictures, labels = np.zeros((20, 14, 14), np.uint8), np.arange(20, dtype=np.uint8) % 10
    np.savez(tmp_path / "small.npz", x_train=pictures, y_train=labels, x_test=pictures, y_test=labels)
    done = run("export", "all", "--model", trained, "--data", "small.npz", "--out", "out", cwd=tmp_path)
    assert "pictures of shape (14, 14, 1)" in complaint(done)
    assert not (tmp_path / "out").exists()


def test_damaged_files_fail_verify_with_1_and_check_with_3(
    copy: Path, pen_npz: Path, tmp_path: Path, keep_only: Callable[..., None]
) -> None:
    keep_only(copy, "tfjs-graph")
    assert run("export", "verify", "--out", copy, cwd=tmp_path).returncode == 0
    path = copy / "tfjs" / "graph" / "group1-shard1of1.bin"
    weights = np.fromfile(path, np.float32)
    weights[: len(weights) // 2] *= -1
    weights.tofile(path)
    assert str(path) in complaint(run("export", "verify", "--out", copy, cwd=tmp_path))
    done = run("export", "check", "--out", copy, "--data", pen_npz, cwd=tmp_path)
    line = complaint(done, status=3)
    assert "tfjs-graph: " in line
    assert str(path) in line


@pytest.mark.parametrize(
    "number", often([signal.SIGINT, signal.SIGTERM], lambda number: number == signal.SIGINT)
)
@pytest.mark.parametrize("seconds", often([0.2, 3.0, 8.0], lambda seconds: seconds == 3))
def test_an_interrupted_run_leaves_nothing(
    trained: Path, pen_npz: Path, tmp_path: Path, seconds: float, number: signal.Signals
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    process = start(
        *("export", "all", "--model", trained, "--data", pen_npz, "--out", "out"),
        cwd=tmp_path,
        environment={"TMPDIR": str(scratch)},
        stderr=subprocess.PIPE,
    )
    while not any(scratch.iterdir()):  # Python itself is still starting
        time.sleep(0.01)
    time.sleep(seconds)
    process.send_signal(number)
    _, stderr = process.communicate(timeout=60)
    if process.returncode == 0:  # a fast machine was done already
        assert json.loads((tmp_path / "out" / "manifest.json").read_bytes())
        return
    assert process.returncode == 128 + number
    assert stderr == "inkproof: interrupted\n"
    assert [path.name for path in tmp_path.iterdir()] == ["scratch"]
    assert not list(scratch.iterdir())
