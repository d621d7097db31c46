"""Runs that are killed, that meet, or that the disk refuses: what was good stays good."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from export.manifest import read_manifest
from export.site.serve import site_server
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

    def command(self, model: Path, out: Path, *more: str) -> list[str]:
        run = [sys.executable, "-m", "export", "all", "--model", str(model), "--data", str(self.data)]
        return [*run, "--out", str(out), *TARGETS, *more]


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
    subprocess.run(made.command(trained, made.good), check=True, capture_output=True)
    return Case(made.good, trained, made.other, pen_npz, time.perf_counter() - begin)


@pytest.fixture
def out(case: Case, tmp_path: Path) -> Path:
    return Path(shutil.copytree(case.good, tmp_path / "artifacts"))


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def verify(out: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "export", "verify", "--out", str(out)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def demand_all_good(case: Case, out: Path, scratch: Path) -> None:
    """What a killed run must leave: whole artifacts, and a folder in which the next run succeeds."""
    verified = verify(out)
    assert verified.returncode == 0, verified.stderr
    in_place = read_manifest(out).model["sha256"]
    model = case.model if in_place == read_manifest(case.good).model["sha256"] else case.other
    done = subprocess.run(
        case.command(model, out),
        env=os.environ | {"TMPDIR": str(scratch)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "nothing to do" in done.stdout
    assert not [path.name for path in out.iterdir() if path.name.startswith(".")]
    assert not list(scratch.iterdir())
    if model == case.model:
        assert contents(out) == contents(case.good)


def kill_after(seconds: float, case: Case, out: Path, scratch: Path) -> None:
    process = subprocess.Popen(
        case.command(case.other, out),
        env=os.environ | {"TMPDIR": str(scratch)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.95])
def test_killed_at_a_moment(case: Case, out: Path, scratch: Path, share: float) -> None:
    kill_after(share * case.seconds, case, out, scratch)
    demand_all_good(case, out, scratch)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(50))
def test_killed_at_any_moment(case: Case, out: Path, scratch: Path, number: int) -> None:
    kill_after(random.Random(number).uniform(0, 1.1) * case.seconds, case, out, scratch)
    demand_all_good(case, out, scratch)


def test_killed_while_it_puts_the_new_in_the_place_of_the_old(case: Case, out: Path, scratch: Path) -> None:
    process = subprocess.Popen(
        case.command(case.other, out),
        env=os.environ | {"TMPDIR": str(scratch)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    swap = str(out / SWAP)
    while not os.path.lexists(swap) and process.poll() is None:
        pass  # a pause would miss it
    process.kill()
    process.wait()
    demand_all_good(case, out, scratch)
    assert read_manifest(out).model["sha256"] != read_manifest(case.good).model["sha256"]


@pytest.fixture
def at_work(case: Case, out: Path, scratch: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A run on `out` that has begun, and is killed at the end."""
    process = subprocess.Popen(
        case.command(case.other, out),
        env=os.environ | {"TMPDIR": str(scratch)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not (out / FILE).exists():
        assert process.poll() is None
        time.sleep(0.01)
    yield process
    process.kill()
    process.wait()


@pytest.mark.parametrize("module", ["export", "train"])
def test_a_second_run_on_the_folder_is_refused(
    case: Case, out: Path, at_work: subprocess.Popen[bytes], module: str
) -> None:
    command = case.command(case.model, out)
    if module == "train":
        command = [sys.executable, "-m", "train", "--data", str(case.data), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"inkproof: expected no other run on {out}, found 'python -m export all --model")
    assert f"process {at_work.pid} on " in line
    assert verify(out).returncode == 0  # those who only read aren't held up
    assert at_work.poll() is None


def test_a_stopped_run_lets_the_next_one_in(
    case: Case, out: Path, scratch: Path, at_work: subprocess.Popen[bytes]
) -> None:
    at_work.send_signal(signal.SIGKILL)
    at_work.wait()
    assert (out / FILE).exists()
    demand_all_good(case, out, scratch)


@pytest.mark.parametrize("kilobytes", [100, 700, 1200])
def test_a_full_disk(case: Case, tmpfs: Path, kilobytes: int) -> None:
    subprocess.run(["mount", "-o", "remount,size=64m", tmpfs], check=True)
    out = Path(shutil.copytree(case.good, tmpfs / "artifacts"))
    used = shutil.disk_usage(tmpfs).used // 1024
    subprocess.run(["mount", "-o", f"remount,size={used + kilobytes}k", tmpfs], check=True)
    done = subprocess.run(case.command(case.other, out), capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith("inkproof: expected ")
    assert len(done.stderr.splitlines()) == 1
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
        done = subprocess.run(case.command(model, out), capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (1, "")
        assert "Read-only file system" in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert contents(out) == contents(case.good)
