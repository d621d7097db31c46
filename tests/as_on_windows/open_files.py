"""What Windows does not allow with open files: to rename or remove them, or to rename a folder of theirs."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

watching = False
tried: set[tuple[str, str]] = set()


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse a rename or removal as Windows would; and each first rename, as if a virus scanner were reading.

    Args:
        event: `os.rename` or `os.remove`.
        arguments: What Python's audit hooks are given with it.
    """
    global watching
    if watching:
        return
    watching = True
    try:
        if event == "os.remove":
            _demand_closed(_absolute(*arguments))
            return
        source, target = _absolute(arguments[0], arguments[2]), _absolute(arguments[1], arguments[3])
        _demand_closed(source)
        if os.path.isdir(target):  # noqa: PTH112
            raise _refusal(target)
        _demand_closed(target)
        if (source, target) not in tried:
            tried.add((source, target))
            raise _refusal(source)
    finally:
        watching = False


def _absolute(path: Any, folder: int) -> str:
    """A path relative to an open folder, or to this process's where it is -1."""
    home = os.readlink(f"/proc/self/fd/{folder}") if folder not in (-1, None) else os.getcwd()  # noqa: PTH109,PTH115
    return os.path.realpath(os.path.join(home, os.fsdecode(path)))  # noqa: PTH118


def _demand_closed(path: str) -> None:
    for file in _open_files():
        if file == path or file.startswith(path + os.sep):
            raise _refusal(path)


def _open_files() -> Iterator[str]:
    """What this process and its children have opened or mapped, but folders."""
    waiting = ["self"]
    while waiting:
        process = Path("/proc", waiting.pop())
        try:
            for task in (process / "task").iterdir():
                waiting += (task / "children").read_text(encoding="ascii").split()
            descriptors = list((process / "fd").iterdir())
            maps = (process / "maps").read_text(encoding="utf-8", errors="replace")
        except OSError:  # it has just ended
            continue
        for descriptor in descriptors:
            try:
                file = str(descriptor.readlink())
            except OSError:
                continue
            if file.startswith("/") and not os.path.isdir(file):  # noqa: PTH112
                yield file
        yield from {line.split(maxsplit=5)[5] for line in maps.splitlines() if "/" in line}


def _refusal(path: str) -> PermissionError:
    return PermissionError(13, "The process cannot access the file because it is being used", path)
