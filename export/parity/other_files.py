"""Files that lie where only known ones should."""

import os
from collections.abc import Sequence, Set
from pathlib import Path

from export.parity.results import Damage


def other_files(folders: Sequence[Path], known: Set[Path]) -> list[Damage]:
    """Every file in the folders that isn't known, and every link: links aren't followed.

    Args:
        folders: Where to look, at any depth; what isn't there holds nothing.
        known: The files that may be there, as paths that begin with the folders' own.
    """
    found: list[Damage] = []
    waiting = [folder for folder in reversed(folders) if os.path.lexists(folder)]
    while waiting:
        path = waiting.pop()
        try:
            if path.is_symlink():
                found.append(Damage(path, "that is a link"))
            elif path.is_dir():
                waiting += sorted(path.iterdir(), reverse=True)
            elif path not in known:
                found.append(Damage(path, "that it doesn't name"))
        except OSError as error:
            found.append(Damage(path, f"unreadable ({error.strerror})"))
    return found
