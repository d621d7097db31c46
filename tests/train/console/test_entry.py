"""The command line as a user runs it: exit statuses, one line on stderr, no trace of a run that failed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.often import often
from tests.train.command_line import command, train
from train.console import interrupts
from train.console.interrupts import cleaned_up, if_interrupted

pytestmark = pytest.mark.integration

PATIENCE_S = 120


@pytest.fixture
def tmpdir_env(tmp_path):
    """An environment in which everything temporary goes to a folder that can be looked into."""
    (tmp_path / "tmp").mkdir()
    return os.environ | {"TMPDIR": str(tmp_path / "tmp"), "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def work(tmp_path):
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


@pytest.fixture(scope="module")
def npz(tmp_path_factory):
    """Data with which an epoch takes no time."""
    rng = np.random.default_rng(0)
    path = tmp_path_factory.mktemp("data") / "noise.npz"
    images, labels = rng.integers(0, 256, (600, 28, 28), np.uint8), (np.arange(600) % 10).astype(np.uint8)
    np.savez(path, x_train=images, y_train=labels, x_test=images[:50], y_test=labels[:50])
    return path


@pytest.mark.parametrize("arguments", [["--help"], ["fit", "--help"]])
def test_help_comes_at_once(arguments):
    took: list[float] = []
    while not took or (min(took) >= 2 and len(took) < 3):  # a busy machine is no defect
        begin = time.perf_counter()
        done = train(*arguments)
        took.append(time.perf_counter() - begin)
    assert min(took) < 2
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: python -m train")
    assert done.stderr == ""


def test_command_line_alone_imports_nothing_heavy():
    heavy = "{'tensorflow', 'keras', 'numpy'}"
    code = f"import sys, train.cli, train.console.entry; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--no-such-option"],
        ["no-such-command"],
        ["--epochs", "0"],
        ["--epochs", "many"],
        ["--batch-size", "0"],
        ["--seed", "-1"],
        ["fit", "--model", "transformer"],
        ["--hidden", "10,10"],  # the model is a cnn
        ["--model", "cnn", "--batch-norm"],
        ["--model", "mlp", "--convolutions", "8x3"],
        ["--model", "mlp", "--hidden", "10,ten"],
        ["--model", "mlp", "--hidden", "10,0"],
        ["--convolutions", "8x3/2/2"],
        ["--convolutions", "8x3,0x3"],
        ["--lr", "0"],
        ["--dropout", "1"],
        ["--validation-split", "1"],
        ["--preset", "slow"],
    ],
)
def test_wrong_usage_exits_2(arguments, work, tmpdir_env):
    done = train(*arguments, cwd=work, env=tmpdir_env)
    assert done.returncode == 2
    assert "Error: " in done.stderr
    assert "Traceback" not in done.stderr
    assert list(work.iterdir()) == []


@pytest.mark.parametrize("kind", ["missing", "empty", "wrong arrays"])
def test_bad_data_is_one_line_and_leaves_nothing(kind, work, tmp_path, tmpdir_env):
    path = tmp_path / "bad.npz"
    if kind == "empty":
        path.touch()
    elif kind == "wrong arrays":
        np.savez(path, pictures=np.zeros(3))
    done = train("--data", path, "--out", "out", cwd=work, env=tmpdir_env)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("inkproof: expected ")
    assert done.stderr.count("\n") == 1
    assert str(path) in done.stderr
    assert list(work.iterdir()) == []
    assert os.listdir(tmpdir_env["TMPDIR"]) == []  # noqa: PTH208


def test_output_under_a_file_is_one_line(npz, work, tmpdir_env):
    (work / "file").touch()
    done = train("fit", "--data", npz, "--out", "file/out", cwd=work, env=tmpdir_env)
    assert done.returncode == 1
    assert done.stderr.startswith("inkproof: expected to write to file/out")
    assert done.stderr.count("\n") == 1
    assert [path.name for path in work.iterdir()] == ["file"]


def test_trains_and_leaves_only_the_model(npz, work, tmpdir_env):
    done = train("--data", npz, "--model", "mlp", "--epochs", 1, cwd=work, env=tmpdir_env)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("artifacts/model.h5\n")
    assert sorted(path.name for path in (work / "artifacts").iterdir()) == ["model.h5", "training"]
    assert [path.name for path in work.iterdir()] == ["artifacts"]
    assert os.listdir(tmpdir_env["TMPDIR"]) == []  # noqa: PTH208


def wait_for_epoch(process, _work):
    for line in process.stdout:
        if line.startswith("epoch"):
            return
    pytest.fail("it ended by itself")


def wait_for_import_of_tensorflow(process, _work):
    while "/tensorflow/" not in Path(f"/proc/{process.pid}/maps").read_text():
        assert process.poll() is None
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("number", "status", "wait", "left"),
    often(
        [
            (signal.SIGINT, 130, wait_for_epoch, ["out"]),
            (signal.SIGTERM, 143, wait_for_epoch, ["out"]),
            (signal.SIGINT, 130, wait_for_import_of_tensorflow, []),
        ],
        lambda case: case[1] == 130,
    ),
)
def test_interrupted_leaves_nothing_but_what_can_be_resumed(
    number, status, wait, left, npz, work, tmpdir_env
):
    command_line = command("--data", npz, "--model", "mlp", "--epochs", 100_000, "--out", "out")
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command_line, cwd=work, env=tmpdir_env, stdout=pipe, stderr=pipe, text=True
    ) as process:
        try:
            wait(process, work)
            process.send_signal(number)
            _, err = process.communicate(timeout=PATIENCE_S)
        finally:
            process.kill()
    assert process.returncode == status
    assert err == "inkproof: interrupted\n"
    assert [path.name for path in work.iterdir()] == left
    assert all([path.name for path in (work / out).iterdir()] == [".training-unfinished"] for out in left)
    assert os.listdir(tmpdir_env["TMPDIR"]) == []  # noqa: PTH208


def test_cleaned_up_when_done_and_after_an_error():
    calls = []
    with cleaned_up(lambda: calls.append("done")):
        assert calls == []
    assert calls == ["done"]
    with pytest.raises(ValueError, match="no"), cleaned_up(lambda: calls.append("failed")):
        raise ValueError("no")
    assert calls == ["done", "failed"]
    assert interrupts.PROCESS.pending == []


def test_if_interrupted_does_nothing_when_nothing_interrupts():
    calls = []
    with if_interrupted(lambda: calls.append("done")):
        pass
    with pytest.raises(ValueError, match="no"), if_interrupted(lambda: calls.append("failed")):
        raise ValueError("no")
    assert calls == []
    assert interrupts.PROCESS.pending == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupt_cleans_up_the_innermost_first_and_unwinds_nothing(number):
    code = f"""if True:
        import signal
        from train.console.interrupts import PROCESS, cleaned_up, if_interrupted
        PROCESS.handle_signals()
        say = lambda text: lambda: print(text, flush=True)
        with cleaned_up(say("never")):
            pass
        with cleaned_up(say("outer")), if_interrupted(say("inner")):
            try:
                signal.raise_signal({number:d})
            finally:
                print("unwound", flush=True)
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["never", "inner", "outer"]
    assert done.stderr == "inkproof: interrupted\n"
    assert done.returncode == 128 + number


def test_cleanup_that_fails_keeps_no_other_from_its_turn():
    code = """if True:
        import signal
        from train.console.interrupts import PROCESS, cleaned_up
        PROCESS.handle_signals()
        with cleaned_up(lambda: print("outer", flush=True)), cleaned_up(lambda: 1 / 0):
            signal.raise_signal(signal.SIGINT)
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "outer\n", "inkproof: interrupted\n")


@pytest.mark.posix
def test_a_folder_that_was_removed_is_one_line(tmp_path):
    for package in ("train", "export"):
        (tmp_path / "gone").mkdir()
        program = f"import os; os.rmdir(os.getcwd()); from {package}.__main__ import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=tmp_path / "gone",
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert done.stderr == (
            "inkproof: expected a folder to run in, found that it was removed: change into another one\n"
        )
