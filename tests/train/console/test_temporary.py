"""Temporary files go with their process."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

AT_WORK = """
import sys, tempfile
from pathlib import Path
from train.console.temporary import scratch
with scratch():
    Path(tempfile.mkdtemp(), "file").write_text("temporary")
    print(tempfile.gettempdir(), flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def at_work(home: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", AT_WORK],
        env=os.environ | {"TMPDIR": str(home)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    folder = Path(process.stdout.readline().strip())
    assert folder.parent == home
    assert list(folder.iterdir())
    return process


def test_what_a_killed_process_has_left_goes_with_the_next(home: Path) -> None:
    with at_work(home) as killed:
        killed.kill()
    (left,) = home.iterdir()
    with at_work(home) as other, at_work(home) as next_one:
        assert not left.exists()
        assert len(list(home.iterdir())) == 2  # those of the living
        next_one.communicate("")
        assert len(list(home.iterdir())) == 1
        other.communicate("")
    assert list(home.iterdir()) == []


def test_other_folders_and_links_stay(home: Path, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "file").write_text("precious")
    (home / "inkproof-link").symlink_to(tmp_path / "theirs")
    (home / "other").mkdir()
    (home / "inkproof-file").write_text("mine")
    with at_work(home) as process:
        process.communicate("")
    assert {path.name for path in home.iterdir()} == {"inkproof-link", "inkproof-file", "other"}
    assert (tmp_path / "theirs" / "file").read_text() == "precious"


def test_no_room_is_one_line(tmpfs: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", tmpfs], check=True)
    program = f"import tempfile; tempfile.tempdir = {str(tmpfs)!r}; from train.console.entry import run; "
    program += "run('train.cli')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("inkproof: expected room for temporary files")
    assert done.stderr.count("\n") == 1
    assert tempfile.gettempdir() != str(tmpfs)
