"""Staging and moving: all of a result or nothing of it."""

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from train.errors import InkproofError, OutputError
from train.output.staging import move_in_place, staging


def tree(folder):
    """All files below a folder, with their text."""
    return {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("*") if p.is_file()}


def entries(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("made", [True, False])
def test_leaves_nothing_behind(tmp_path, made):
    out = tmp_path / "out"
    if made:
        out.mkdir()
    with staging(out) as staged:
        (staged / "folder").mkdir()
        (staged / "folder" / "file").write_text("half done")
    assert entries(tmp_path) == (["out"] if made else [])
    assert not staged.exists()


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt(), InkproofError("no")])
def test_leaves_nothing_behind_after_an_error(tmp_path, error):
    def fail(folder):
        (folder / "file").write_text("half done")
        raise error

    with pytest.raises(type(error)) as caught, staging(tmp_path / "out") as staged:
        fail(staged)
    assert caught.value is error
    assert entries(tmp_path) == []


def test_what_the_disk_refuses_becomes_one_line(tmp_path):
    def fail():
        raise OSError(28, "No space left on device")

    out = tmp_path / "out"
    with pytest.raises(OutputError, match="No space left on device") as caught, staging(out):
        fail()
    assert str(out) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert entries(tmp_path) == []


def test_out_is_a_file(tmp_path):
    out = tmp_path / "out"
    out.write_text("precious")
    with pytest.raises(OutputError, match="found a file") as caught, staging(out):
        pytest.fail("went on")
    assert str(out) in str(caught.value)
    assert tree(tmp_path) == {"out": "precious"}


@pytest.mark.parametrize("below", ["out", "deep/out"])
def test_out_is_under_a_file(tmp_path, below):
    (tmp_path / "file").write_text("precious")
    with pytest.raises(OutputError, match="Not a directory"), staging(tmp_path / "file" / below):
        pytest.fail("went on")
    assert tree(tmp_path) == {"file": "precious"}


@pytest.mark.posix
@pytest.mark.skipif(
    sys.platform != "win32" and os.geteuid() == 0, reason="root may write anywhere: see the read-only disk"
)
@pytest.mark.parametrize("name", ["", "out"])
def test_folder_without_write_permission(tmp_path, name):
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    with pytest.raises(OutputError, match="Permission denied"), staging(locked / name):
        pytest.fail("went on")
    assert entries(locked) == []


def test_read_only_disk(tmpfs):
    (tmpfs / "out").mkdir()
    (tmpfs / "out" / "file").write_text("precious")
    subprocess.run(["mount", "-o", "remount,ro", tmpfs], check=True)
    for out in (tmpfs / "out", tmpfs / "new"):
        with pytest.raises(OutputError, match="Read-only file system") as caught, staging(out):
            pytest.fail("went on")
        assert str(out) in str(caught.value)
    assert tree(tmpfs) == {"out/file": "precious"}


def test_full_disk(tmpfs):
    out = tmpfs / "out"
    out.mkdir()
    (out / "file").write_text("precious")

    def fill(staged):
        (staged / "file").write_bytes(bytes(2_000_000))

    with pytest.raises(OutputError, match="No space left on device") as caught, staging(out) as staged:
        fill(staged)
    assert "\n" not in str(caught.value)
    assert tree(tmpfs) == {"out/file": "precious"}
    assert entries(out) == ["file"]


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no /proc here")
def test_file_system_that_takes_no_files():
    with pytest.raises(OutputError, match="/proc/inkproof"), staging(Path("/proc/inkproof")):
        pytest.fail("went on")


def test_moves_files_and_folders_into_a_nested_new_folder(tmp_path):
    out = tmp_path / "a" / "b" / "out"
    with staging(out) as staged:
        (staged / "folder").mkdir()
        (staged / "folder" / "inner").write_text("1")
        (staged / "file").write_text("2")
        assert tree(out).keys().isdisjoint({"folder/inner", "file"})
        move_in_place(staged, out, ["folder", "file"])
    assert tree(tmp_path) == {"a/b/out/folder/inner": "1", "a/b/out/file": "2"}
    assert entries(tmp_path) == ["a"]


def test_replaces_removes_and_keeps(tmp_path):
    out = tmp_path / "out"
    for name in ("folder", "gone folder"):
        (out / name).mkdir(parents=True)
        (out / name / "old").write_text("old")
    for name in ("file", "gone", "foreign"):
        (out / name).write_text("old")
    with staging(out) as staged:
        (staged / "folder").mkdir()
        (staged / "folder" / "new").write_text("new")
        (staged / "file").write_text("new")
        (staged / "not named").write_text("new")
        move_in_place(staged, out, ["folder", "file", "gone", "gone folder", "never was"])
    assert tree(out) == {"folder/new": "new", "file": "new", "foreign": "old"}
    assert entries(out) == ["file", "folder", "foreign"]
    assert entries(tmp_path) == ["out"]


def test_a_file_takes_the_place_of_a_folder_and_the_other_way_round(tmp_path):
    out = tmp_path / "out"
    (out / "one").mkdir(parents=True)
    (out / "one" / "old").write_text("old")
    (out / "two").write_text("old")
    with staging(out) as staged:
        (staged / "one").write_text("new")
        (staged / "two").mkdir()
        (staged / "two" / "new").write_text("new")
        move_in_place(staged, out, ["one", "two"])
    assert tree(out) == {"one": "new", "two/new": "new"}


def test_relative_output_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with staging(Path("out")) as staged:
        (staged / "file").write_text("new")
        move_in_place(staged, Path("out"), ["file"])
    assert tree(tmp_path) == {"out/file": "new"}


@pytest.mark.skipif(not os.path.isdir("/dev/shm"), reason="no second file system here")  # noqa: PTH112
def test_output_on_another_file_system(tmp_path):
    with tempfile.TemporaryDirectory(dir="/dev/shm") as there:
        (tmp_path / "out").symlink_to(there)
        with staging(tmp_path / "out") as staged:
            (staged / "file").write_text("new")
            move_in_place(staged, tmp_path / "out", ["file"])
        assert tree(Path(there)) == {"file": "new"}
        assert entries(Path(there)) == ["file"]


@contextmanager
def handled(number, handler):
    """A signal goes to the handler meanwhile, whatever became of it before."""
    before = signal.signal(number, handler)
    try:
        yield
    finally:
        signal.signal(number, before)


def test_sigterm_waits_too(tmp_path, monkeypatch):
    out, replace, found = tmp_path / "out", Path.replace, []

    def terminated(path, target):
        if target.parent == out:  # it is being moved into place
            signal.raise_signal(signal.SIGTERM)
        return replace(path, target)

    with handled(signal.SIGTERM, lambda *_: found.append(entries(out))), staging(out) as staged:
        (staged / "one").write_text("new")
        (staged / "two").write_text("new")
        monkeypatch.setattr(Path, "replace", terminated)
        move_in_place(staged, out, ["one", "two"])
    assert [entry for entry in found[0] if not entry.startswith(".")] == ["one", "two"]
    assert len(found) == 1


def test_interrupt_waits_until_all_is_moved(tmp_path, monkeypatch):
    """Ctrl-C between two moves: it comes through, but only after the last one."""
    out, replace = tmp_path / "out", Path.replace

    def interrupted(path, target):
        if target.parent == out:  # it is being moved into place
            signal.raise_signal(signal.SIGINT)
        return replace(path, target)

    def move(staged):
        (staged / "one").write_text("new")
        (staged / "two").write_text("new")
        monkeypatch.setattr(Path, "replace", interrupted)
        move_in_place(staged, out, ["one", "two"])

    with handled(signal.SIGINT, signal.default_int_handler):  # a shell's background begins without
        with pytest.raises(KeyboardInterrupt), staging(out) as staged:
            move(staged)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert tree(out) == {"one": "new", "two": "new"}
    assert entries(tmp_path) == ["out"]
