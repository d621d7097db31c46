"""Runs that are killed, that meet, or that the disk refuses: what was good stays good."""

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from export.manifest import read_manifest
from export.site.serve import site_server
from tests.export.command_line import complaint, contents, run, start
from train.output.lock import FILE
from train.output.transaction import SWAP

TARGETS = ["--target", "tflite-float32", "--target", "tfjs-graph-uint8"]


@dataclass(frozen=True, slots=True)
class Case:
    """Good artifacts, and a run that would replace them by those of another model.

    Attributes:
        good: The output folder of `export all`; copied for each test.
        model: Its model.
        other: Another one.
        data: The dataset.
        seconds: How long a run takes.
    """

    good: Path
    model: Path
    other: Path
    data: Path
    seconds: float

    def line(self, model: Path, out: Path) -> tuple[str | Path, ...]:
        """The command line that makes such an output."""
        return ("export", "all", "--model", model, "--data", self.data, "--out", out, *TARGETS)


@pytest.fixture(scope="module")
def case(trained: Path, pen_npz: Path, tmp_path_factory: pytest.TempPathFactory) -> Case:
    import keras

    from train.console.quiet import quiet

    folder = tmp_path_factory.mktemp("killed")
    model = keras.models.load_model(trained, compile=False)
    model.set_weights([1.001 * weights for weights in model.get_weights()])
    with quiet():
        model.save(folder / "other.h5")
    begin = time.perf_counter()
    made = Case(folder / "good", trained, folder / "other.h5", pen_npz, 0)
    assert run(*made.line(trained, made.good)).returncode == 0
    return Case(made.good, trained, made.other, pen_npz, time.perf_counter() - begin)


@pytest.fixture
def out(case: Case, tmp_path: Path) -> Path:
    return Path(shutil.copytree(case.good, tmp_path / "artifacts"))


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


def verify(out: Path) -> subprocess.CompletedProcess[str]:
    return run("export", "verify", "--out", out)


def demand_all_good(case: Case, out: Path, scratch: Path) -> None:
    """What a killed run must leave: whole artifacts, and a folder in which the next run succeeds."""
    verified = verify(out)
    assert verified.returncode == 0, verified.stderr
    in_place = read_manifest(out).model["sha256"]
    model = case.model if in_place == read_manifest(case.good).model["sha256"] else case.other
    done = run(*case.line(model, out), environment={"TMPDIR": str(scratch)})
    assert done.returncode == 0, done.stderr
    assert "nothing to do" in done.stdout
    assert not [path.name for path in out.iterdir() if path.name.startswith(".")]
    assert not list(scratch.iterdir())
    if model == case.model:
        assert contents(out) == contents(case.good)


def kill_after(seconds: float, case: Case, out: Path, scratch: Path) -> None:
    process = start(*case.line(case.other, out), environment={"TMPDIR": str(scratch)})
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.mark.parametrize("fraction", [pytest.param(0.3, marks=pytest.mark.slow), 0.95])
def test_killed_at_a_moment(case: Case, out: Path, scratch: Path, fraction: float) -> None:
    kill_after(fraction * case.seconds, case, out, scratch)
    demand_all_good(case, out, scratch)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(50))
def test_killed_at_any_moment(case: Case, out: Path, scratch: Path, number: int) -> None:
    kill_after(random.Random(number).uniform(0, 1.1) * case.seconds, case, out, scratch)
    demand_all_good(case, out, scratch)


@pytest.mark.slow  # tests/train/output/test_transaction.py kills it at each step
def test_killed_while_it_puts_the_new_in_the_place_of_the_old(case: Case, out: Path, scratch: Path) -> None:
    process = start(*case.line(case.other, out), environment={"TMPDIR": str(scratch)})
    swap = str(out / SWAP)
    while not os.path.lexists(swap) and process.poll() is None:
        pass  # a pause would miss it
    process.kill()
    process.wait()
    demand_all_good(case, out, scratch)
    assert read_manifest(out).model["sha256"] != read_manifest(case.good).model["sha256"]


@pytest.fixture
def at_work(case: Case, out: Path, scratch: Path) -> Iterator[subprocess.Popen[str]]:
    """A run on `out` that has begun, and is killed at the end."""
    process = start(*case.line(case.other, out), environment={"TMPDIR": str(scratch)})
    while not (out / FILE).exists():
        assert process.poll() is None
        time.sleep(0.01)
    yield process
    process.kill()
    process.wait()


@pytest.mark.parametrize("module", ["export", "train"])
def test_a_second_run_on_the_folder_is_refused(
    case: Case, out: Path, at_work: subprocess.Popen[str], module: str
) -> None:
    lines: dict[str, tuple[str | Path, ...]]
    lines = {"export": case.line(case.model, out), "train": ("train", "--data", case.data, "--out", out)}
    line = complaint(run(*lines[module]))
    assert line.startswith(f"inkproof: expected no other run on {out}, found 'python -m export all --model")
    assert f"process {at_work.pid} on " in line
    assert verify(out).returncode == 0  # those who only read aren't held up
    assert at_work.poll() is None


def test_a_stopped_run_lets_the_next_one_in(
    case: Case, out: Path, scratch: Path, at_work: subprocess.Popen[str]
) -> None:
    at_work.send_signal(signal.SIGKILL)
    at_work.wait()
    assert (out / FILE).exists()
    demand_all_good(case, out, scratch)


@pytest.mark.parametrize(
    "kilobytes", [pytest.param(100, marks=pytest.mark.slow), 700, pytest.param(1200, marks=pytest.mark.slow)]
)
def test_a_full_disk(case: Case, tmpfs: Path, kilobytes: int) -> None:
    subprocess.run(["mount", "-o", "remount,size=64m", tmpfs], check=True)
    out = Path(shutil.copytree(case.good, tmpfs / "artifacts"))
    used = shutil.disk_usage(tmpfs).used // 1024
    subprocess.run(["mount", "-o", f"remount,size={used + kilobytes}k", tmpfs], check=True)
    complaint(run(*case.line(case.other, out)))
    assert contents(out) == contents(case.good)
    assert verify(out).returncode == 0
    assert [path.name for path in tmpfs.iterdir()] == ["artifacts"]


def test_a_read_only_disk(case: Case, tmpfs: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=64m", tmpfs], check=True)
    out = Path(shutil.copytree(case.good, tmpfs / "artifacts"))
    subprocess.run(["mount", "-o", "remount,ro", tmpfs], check=True)
    assert verify(out).returncode == 0
    with site_server(out, port=0):
        pass
    for model in (case.model, case.other):
        done = run(*case.line(model, out))
        assert "Read-only file system" in complaint(done)
        assert done.stdout == ""
    assert contents(out) == contents(case.good)
