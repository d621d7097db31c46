"""Several entries change place together: whatever kills the process, whatever the system refuses."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from train.errors import OutputError
from train.output.staging import staging
from train.output.transaction import SWAP, move_in_place, recover

pytestmark = pytest.mark.integration

NAMES = ["folder", "file", "gone", "new", "manifest"]
BEFORE = {"folder/inner": "old", "file": "old", "gone": "old", "manifest": "old", "foreign": "old"}
AFTER = {"folder/inner": "new", "file": "new", "new": "new", "manifest": "new", "foreign": "old"}

# Every rename, removal and new file of a process passes an audit hook. This one strikes at the n-th of them.
STRIKE = """
import os, signal, sys
from pathlib import Path
from train.output.staging import staging
from train.output.transaction import move_in_place, recover

out, n, how = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
count = 0

def strike(event, arguments):
    global count
    if event not in ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "open") or not armed:
        return
    if how == "refuse" and event != "os.rename":
        return
    count += 1
    if count == n:
        if how == "refuse":
            raise OSError(28, "No space left on device")
        os.kill(os.getpid(), signal.SIGKILL)

armed = False
sys.addaudithook(strike)
if how == "kill recovery":
    armed = True
    recover(out)
else:
    with staging(out) as staged:
        (staged / "folder").mkdir()
        for name in ("folder/inner", "file", "new", "manifest"):
            (staged / name).write_text("new")
        armed = True
        move_in_place(staged, out, ["folder", "file", "gone", "new", "manifest"])
"""


def tree(folder: Path) -> dict[str, str]:
    """All files below a folder that aren't hidden, with their text."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    found = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: path.read_text() for name, path in found.items() if not name.startswith(".")}


def lay_out(folder: Path) -> Path:
    (folder / "folder").mkdir(parents=True)
    for name, text in BEFORE.items():
        (folder / name).write_text(text)
    return folder


def strike(out: Path, n: int, how: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", STRIKE, str(out), str(n), how]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_killed_at_any_step_leaves_all_old_or_all_new(tmp_path: Path) -> None:
    outcomes, n, status = [], 0, -signal.SIGKILL
    while status == -signal.SIGKILL:
        n += 1
        out = lay_out(tmp_path / str(n))
        status = strike(out, n, "kill").returncode
        recover(out)
        found = tree(out)
        assert found in (BEFORE, AFTER), n
        outcomes.append(found == AFTER)
        with staging(out):
            pass
        assert tree(out) == found
        assert not [path.name for path in out.iterdir() if path.name.startswith(".")], n
    assert status == 0
    assert outcomes == sorted(outcomes)  # first all old, then, from one step on, all new
    assert outcomes.count(False) > 10
    assert outcomes.count(True) > 10


def test_killed_in_the_middle_and_again_while_it_recovers(tmp_path: Path) -> None:
    half_done: list[Path] = []
    n = 0
    while not half_done or tree(half_done[-1]) in (BEFORE, AFTER):
        n += 1
        out = lay_out(tmp_path / str(n))
        strike(out, n, "kill")
        if (out / SWAP).exists():
            half_done.append(out)
    for n in range(1, 30):
        strike(half_done[-1], n, "kill recovery")
    recover(half_done[-1])
    assert tree(half_done[-1]) == AFTER


def test_a_rename_that_is_refused_undoes_all_of_them(tmp_path: Path) -> None:
    status, n = 1, 0
    while status:
        n += 1
        out = lay_out(tmp_path / str(n))
        done = strike(out, n, "refuse")
        status = done.returncode
        found = tree(out)
        # The last rename of all only takes away the sign that says that there is something to do.
        assert found == BEFORE or (found == AFTER and n > 10), n
        recover(out)
        assert tree(out) == found
        if status:
            assert "OutputError" in done.stderr
    assert n > 10
    assert found == AFTER


def test_recovery_follows_no_link(tmp_path: Path) -> None:
    out, theirs = lay_out(tmp_path / "out"), tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "file").write_text("precious")
    swap = out / SWAP
    for part in ("put", "gone", "old"):
        (swap / part).mkdir(parents=True)
    (swap / "put" / "file").touch()
    (swap / "new").symlink_to(theirs)
    with pytest.raises(OutputError, match="found something else"):
        recover(out)
    assert (theirs / "file").read_text() == "precious"
    assert tree(out) == BEFORE


def test_recovery_of_a_folder_without_a_swap_writes_nothing(tmpfs: Path) -> None:
    out = lay_out(tmpfs / "out")
    subprocess.run(["mount", "-o", "remount,ro", tmpfs], check=True)
    recover(out)
    recover(tmpfs / "none")
    assert tree(out) == BEFORE


def test_what_is_not_named_stays(tmp_path: Path) -> None:
    out = lay_out(tmp_path / "out")
    with staging(out) as staged:
        (staged / "file").write_text("new")
        (staged / "saved_model").write_text("temporary")
        move_in_place(staged, out, ["file"])
    assert tree(out) == BEFORE | {"file": "new"}
