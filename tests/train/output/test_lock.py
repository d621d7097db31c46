"""One run at a time on one output folder."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from train.errors import LockError, OutputError
from train.output.lock import FILE, locked

HOLD = """
import sys, time
from pathlib import Path
from train.output.lock import locked
sys.argv[0] = "/somewhere/train/__main__.py"
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_run(out: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLD, str(out), "--epochs", "3"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process


def test_the_second_run_is_told_who_holds_it(tmp_path: Path) -> None:
    with another_run(tmp_path) as process:
        with pytest.raises(LockError) as caught, locked(tmp_path):
            pytest.fail("went on")
        said = str(caught.value)
        assert f"python -m train {tmp_path} --epochs 3" in said
        assert f"process {process.pid} on {socket.gethostname()}" in said
        assert f"since {time.strftime('%Y-%m-')}" in said
        assert "\n" not in said
        process.communicate("")
    with locked(tmp_path):
        pass


def test_a_killed_holder_holds_nobody_up(tmp_path: Path) -> None:
    with another_run(tmp_path) as process:
        process.kill()
    assert process.returncode
    assert (tmp_path / FILE).exists()
    with locked(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_one_who_has_patience_gets_it_in_the_end(tmp_path: Path) -> None:
    with another_run(tmp_path) as process:
        assert process.stdin
        threading.Timer(0.5, process.stdin.close).start()
        with locked(tmp_path, patience_s=30):
            assert (tmp_path / FILE).exists()


def test_many_at_once_and_never_two_of_them(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from train.errors import LockError
from train.output.lock import locked
out, got = Path(sys.argv[1]), 0
for _ in range(200):
    try:
        with locked(out / "out", patience_s=30):
            (out / "held").mkdir()  # fails if another one is in here
            (out / "held").rmdir()
            got += 1
    except LockError:
        pass
print(got)
"""
    command = [sys.executable, "-c", program, str(tmp_path)]
    (tmp_path / "out").mkdir()
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert [run.communicate()[0] for run in runs] == ["200\n"] * 4
    assert list((tmp_path / "out").iterdir()) == []


def test_it_can_be_taken_again_by_its_holder(tmp_path: Path) -> None:
    with locked(tmp_path) as first:
        with locked(tmp_path / "." / "x" / "..") as second:
            assert (first, second) == (True, False)
        assert (tmp_path / FILE).exists()
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize("leaves", [True, False])
def test_a_folder_that_stays_empty_goes_again(tmp_path: Path, leaves: bool) -> None:
    with locked(tmp_path / "a" / "out"):
        if leaves:
            (tmp_path / "a" / "file").touch()
    assert [path.name for path in tmp_path.rglob("*")] == (["a", "file"] if leaves else [])


@pytest.mark.posix
@pytest.mark.parametrize("inner", [(), ("inner",)])
def test_a_link_to_itself_is_no_folder(inner: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    out = tmp_path.joinpath("loop", *inner)
    with pytest.raises(OutputError, match=r"expected .*loop.*symbolic link"), locked(out):
        pytest.fail("went on")
    assert (tmp_path / "loop").is_symlink()


@pytest.mark.posix
def test_a_link_in_the_place_of_the_lock_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "theirs").write_text("precious")
    (tmp_path / "out" / FILE).symlink_to(tmp_path / "theirs")
    with pytest.raises(OutputError, match="symbolic link"), locked(tmp_path / "out"):
        pytest.fail("went on")
    assert (tmp_path / "theirs").read_text() == "precious"


def test_a_full_disk_only_costs_the_word_who_it_is(tmpfs: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        (tmpfs / "filler").write_bytes(bytes(2_000_000))
    with locked(tmpfs):
        assert {path.name for path in tmpfs.iterdir()} == {FILE, "filler"}
