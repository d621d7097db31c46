"""Renames that are refused for a moment, as on Windows while a virus scanner reads, or for good."""

from pathlib import Path

import pytest

from train.output import move as renames
from train.output.move import move, sync

REFUSED = 3


@pytest.fixture
def attempts(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The renames that are tried, of which the first ones are refused."""
    tried: list[Path] = []
    replace = Path.replace

    def reluctant(path: Path, target: Path) -> Path:
        tried.append(path)
        if len(tried) <= REFUSED:
            raise PermissionError(13, "Permission denied", str(path))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", reluctant)
    return tried


def test_with_patience_it_succeeds(
    attempts: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renames, "PATIENCE_S", 30.0)
    (tmp_path / "folder").mkdir()
    move(tmp_path / "folder", tmp_path / "other")
    assert [path.name for path in tmp_path.iterdir()] == ["other"]
    assert len(attempts) == REFUSED + 1


@pytest.mark.posix
def test_where_it_is_no_moment_it_fails_at_once(attempts: list[Path], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(PermissionError):
        move(tmp_path / "file", tmp_path / "other")
    assert len(attempts) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_another_error_is_none_of_a_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renames, "PATIENCE_S", 30.0)
    with pytest.raises(FileNotFoundError):
        move(tmp_path / "none", tmp_path / "other")


def test_a_file_takes_the_place_of_another(tmp_path: Path) -> None:
    (tmp_path / "new").write_bytes(b"new")
    (tmp_path / "old").write_bytes(b"old")
    move(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old").read_bytes() == b"new"


def test_folders_and_read_only_files_are_flushed_as_far_as_they_can(tmp_path: Path) -> None:
    (tmp_path / "folder" / "inner").mkdir(parents=True)
    (tmp_path / "folder" / "inner" / "file").touch(mode=0o400)
    sync(tmp_path / "folder")
