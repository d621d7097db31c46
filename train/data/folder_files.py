"""List folders and the files in them, of any depth, but not without end."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from train.errors import DataError

MOST_ENTRIES = 2_000_000  # ImageNet has 1.3 million pictures


def folders_in(folder: Path) -> list[str]:
    """Names of the folders in a folder, and of links to folders, sorted.

    Raises:
        DataError: If the folder has too many entries.
        OSError: If it can't be read.
    """
    names = []
    with os.scandir(folder) as entries:
        for seen, entry in enumerate(entries, start=1):
            _demand_end(folder, seen)
            if _is_folder(entry):
                names.append(entry.name)
    return sorted(names)


def files_below(folder: Path, names: Sequence[str]) -> Iterator[list[tuple[str, str]]]:
    """The files of each of some folders in a folder, and of all within those; links to these aren't followed.

    Yields:
        The path of its folder and the name of each file, sorted; nothing of a folder that isn't there.

    Raises:
        DataError: If they have too many entries, all together.
        OSError: If one of the folders can't be read.
    """
    seen = 0
    for name in names:
        files, waiting = [], [str(folder / name)] if (folder / name).is_dir() else []
        while waiting:
            inner = waiting.pop()
            with os.scandir(inner) as entries:
                for entry in entries:
                    seen += 1
                    _demand_end(folder, seen)
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif not _is_folder(entry):
                        files.append((inner, entry.name))
        yield sorted(files)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _demand_end(folder: Path, seen: int) -> None:
    if seen > MOST_ENTRIES:
        raise DataError(
            f"expected at most {MOST_ENTRIES:,} files and folders in {folder}, found more: use fewer pictures"
        )
