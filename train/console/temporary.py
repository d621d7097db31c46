"""One folder for all temporary files of a process, libraries' included, which doesn't outlast it for long.

A killed process can't remove its folder, so the next process does: the folder of a running process holds a
locked file, and the operating system unlocks it when the process ends.
"""

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from train.console.file_lock import lock_file, remove
from train.console.interrupts import cleaned_up
from train.console.text import is_unicode
from train.errors import OutputError

PREFIX = "inkproof-tmp-"  # not that of earlier versions, which lock the folder itself
LOCK = ".lock"
VARIABLES = (
    "TMPDIR",
    "TEMP",
    "TMP",
)  # by which programs find the folder: Node on Windows knows the others only


@contextmanager
def scratch() -> Iterator[None]:
    """Put all temporary files of this process and its children into one folder, removed afterwards.

    Raises:
        OutputError: If no folder for temporary files can be written.
    """
    try:
        home = Path(tempfile.gettempdir())
        if not is_unicode(str(home)):
            raise OSError("its name isn't in UTF-8")
        _remove_abandoned(home)
        folder, lock = _make_locked(home)
    except OSError as error:
        raise OutputError(
            f"expected room for temporary files, found none ({error}): free some space, or set TMPDIR"
        ) from None
    os.environ.update(dict.fromkeys(VARIABLES, str(folder)))
    tempfile.tempdir = str(folder)
    with cleaned_up(lambda: _remove(folder, lock)):
        yield


def _make_locked(home: Path) -> tuple[Path, int | None]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=home))
        try:
            lock = lock_file(folder / LOCK)
        except FileNotFoundError:  # another process has removed it already: try again
            continue
        except OSError:  # without locks on this file system, nobody removes it either
            return folder, None
        if lock is not None:  # else another process is removing it
            return folder, lock


def _remove_abandoned(home: Path) -> None:
    """Remove the folders of processes that have ended."""
    for folder in home.glob(f"{PREFIX}*"):
        with suppress(OSError):  # it belongs to a running process, or can't be locked
            if _is_ours(folder) and (lock := lock_file(folder / LOCK)) is not None:
                _remove(folder, lock)


def _is_ours(folder: Path) -> bool:
    """Whether it is a folder, and of this user."""
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and (sys.platform == "win32" or found.st_uid == os.geteuid())


def _remove(folder: Path, lock: int | None) -> None:
    """Remove a folder whose lock is held, the lock last."""
    shutil.rmtree(folder, ignore_errors=True)
    if lock is not None:
        remove(folder / LOCK, lock)
    with suppress(OSError):  # it is gone, but on Windows, where the lock's file was open
        folder.rmdir()
