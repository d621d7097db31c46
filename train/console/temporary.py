"""One folder for all temporary files of a process, libraries' included, which doesn't outlast it for long.

A killed process can't remove its folder, so the next process does: the folder of a running process is locked,
and the operating system unlocks it when the process ends.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from train.console.interrupts import cleaned_up
from train.console.text import is_unicode
from train.errors import OutputError

PREFIX = "inkproof-run-"


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
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    with cleaned_up(lambda: shutil.rmtree(folder, ignore_errors=True)):
        yield
    os.close(lock)


def _make_locked(home: Path) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=home))
        with suppress(FileNotFoundError):  # another process has removed it already: try again
            lock = os.open(folder, os.O_RDONLY)
            with suppress(OSError):  # without locks on this file system, nobody removes it either
                fcntl.flock(lock, fcntl.LOCK_EX)
            if folder.exists():
                return folder, lock
            os.close(lock)


def _remove_abandoned(home: Path) -> None:
    """Remove the folders of processes that have ended."""
    for folder in home.glob(f"{PREFIX}*"):
        with suppress(OSError):  # it belongs to another user or a running process
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                if os.fstat(lock).st_uid == os.geteuid():
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)
