"""What is no regular file of a sane size is refused in words, at once, and nothing of it is read."""

import os
import re
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from train.input.regular_file import MissingError, UnreadableError, open_regular, read_regular


def bound_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(path))


def linked_in_a_circle(path: Path) -> None:
    path.symlink_to(path.with_name("other"))
    path.with_name("other").symlink_to(path)


def linked_pipe(path: Path) -> None:
    os.mkfifo(path.with_name("pipe"))
    path.symlink_to("pipe")


def sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, 10**12)


OTHERS: dict[str, tuple[Callable[[Path], object], str]] = {
    "folder": (Path.mkdir, "found a folder: "),
    "named pipe": (lambda path: os.mkfifo(path), "found a named pipe: "),
    "socket": (bound_socket, "found a socket: "),
    "link to what has no end": (lambda path: path.symlink_to("/dev/zero"), "found a device: "),
    "link to a named pipe": (linked_pipe, "found a named pipe: "),
    "circle of links": (linked_in_a_circle, "symbolic links"),
    "1 TB of nothing": (sparse, "more than 100 bytes"),
    "what states no size": (lambda path: path.symlink_to("/proc/kallsyms"), "more than 100 bytes"),
}


@pytest.mark.parametrize(
    "name",
    [
        name if name in ("folder", "1 TB of nothing") else pytest.param(name, marks=pytest.mark.posix)
        for name in OTHERS
    ],
)
def test_anything_else_is_refused_in_words(name: str, tmp_path: Path) -> None:
    make, found = OTHERS[name]
    make(tmp_path / "x")
    with pytest.raises(UnreadableError, match=re.escape(found)) as caught:
        read_regular(tmp_path / "x", 100)
    assert re.fullmatch(r"found .+: .+", str(caught.value))


@pytest.mark.parametrize("name", ["none", "none/none", "x" * 300, "a\0b", "\ud800"])
def test_no_name_is_an_error_of_another_kind(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError) as caught:
        open_regular(tmp_path / name, 100)
    assert isinstance(caught.value, MissingError) == name.startswith("none")


@pytest.mark.posix
def test_a_regular_file_is_read_through_links(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"1" * 100)
    (tmp_path / "link").symlink_to("x")
    assert read_regular(tmp_path / "link", 100) == b"1" * 100
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(UnreadableError):
        read_regular(tmp_path / "link", 99)
    assert len(list(Path("/proc/self/fd").iterdir())) == descriptors
