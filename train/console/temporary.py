"""A folder for whatever is temporary, ours or a library's, that goes with the process, even by SIGKILL.

A process that is killed can't remove its folder, so the next one does: the folder of a living process is
locked, and the system unlocks it when the process ends.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from train.console.interrupts import cleaned_up
from train.errors import OutputError

PREFIX = "inkproof-run-"


@contextmanager
def scratch() -> Iterator[None]:
    """Have all temporary files of this process and its children lie in one folder, gone afterwards.

    Raises:
        OutputError: If no folder for temporary files can be written to.
    """
    try:
        home = Path(tempfile.gettempdir())
        _sweep(home)
        folder, lock = _make_locked(home)
    except OSError as error:
        raise OutputError(
            f"expected room for temporary files, found none ({error}): make some, or set TMPDIR"
        ) from None
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    with cleaned_up(lambda: shutil.rmtree(folder, ignore_errors=True)):
        yield
    os.close(lock)


def _make_locked(home: Path) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=home))
        with suppress(FileNotFoundError):  # swept between the two lines: once more
            lock = os.open(folder, os.O_RDONLY)
            with suppress(OSError):  # a file system without locks: then it isn't swept either
                fcntl.flock(lock, fcntl.LOCK_EX)
            if folder.exists():
                return folder, lock
            os.close(lock)


def _sweep(home: Path) -> None:
    """Remove the folders of processes that are gone."""
    for folder in home.glob(f"{PREFIX}*"):
        with suppress(OSError):  # somebody else's, or at work: locked
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                if os.fstat(lock).st_uid == os.geteuid():
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)
