"""Prevent two runs from writing to the same output folder.

The lock ends with the process that holds it. The file's content only says which process that is; an unlocked
file that was left behind blocks nobody.
"""

import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from train.console.file_lock import lock_file, remove
from train.console.interrupts import cleaned_up
from train.errors import LockError, OutputError
from train.input.json_text import parse_json
from train.input.regular_file import UnreadableError, read_regular

FILE = ".inkproof-lock"
RETRY_S = 0.02
MOST_BYTES = 100_000  # of the file, which holds a command line


@dataclass(frozen=True)
class FolderLocks:
    """The output folders that a process has locked."""

    held: set[Path] = field(default_factory=set)

    @contextmanager
    def locked(self, out: Path, patience_s: float = 0.0) -> Iterator[bool]:
        """Hold the lock of an output folder, which is created if missing and removed if it stays empty.

        A process that already holds the lock may take it again, as an export does that trains first.

        Args:
            out: The output folder.
            patience_s: How long to wait, in seconds, while another run holds the lock.

        Yields:
            Whether this process didn't hold the lock before.

        Raises:
            LockError: If another run holds the lock; the message says which, where and since when.
            OutputError: If `out` is not a folder, or can't be written.
        """
        folder = Path(os.path.realpath(out))  # `Path.resolve` raises a RuntimeError at a link to itself
        if folder in self.held:
            yield False
            return
        if folder.exists() and not folder.is_dir():
            raise OutputError(f"expected a folder at {out}, found a file: choose another with --out")
        if folder.is_symlink():
            raise OutputError(
                f"expected a folder at {out}, found a symbolic link to itself: choose another with --out"
            )
        new_folders = [new for new in (folder, *folder.parents) if not new.exists()]
        with cleaned_up(lambda: _remove_empty(new_folders)):
            try:
                folder.mkdir(parents=True, exist_ok=True)
                lock = _acquire(folder / FILE, out, time.monotonic() + patience_s)
            except OSError as error:
                raise OutputError(
                    f"expected to write to {out}, it can't be ({error.strerror}): choose another with --out"
                ) from None
            with cleaned_up(lambda: self._release(folder, lock)):
                self.held.add(folder)
                yield True

    def _release(self, folder: Path, lock: int) -> None:
        self.held.discard(folder)
        remove(folder / FILE, lock)


locked = FolderLocks().locked  # one for the whole process


def _acquire(path: Path, out: Path, deadline: float) -> int:
    """Lock the file at `path`, made if it is missing; return its descriptor."""
    while (lock := lock_file(path)) is None:
        if time.monotonic() >= deadline:
            raise LockError(
                f"expected no other run on {out}, found {_holder(path)} at work: "
                "wait until it is done, or choose another folder with --out"
            )
        time.sleep(RETRY_S)
    _write_holder(lock)
    return lock


def _write_holder(lock: int) -> None:
    command = " ".join(["python -m", Path(sys.argv[0]).parent.name, *sys.argv[1:]])
    since = datetime.now().astimezone().isoformat(" ", "seconds")
    holder = {"pid": os.getpid(), "host": socket.gethostname(), "since": since, "command": command}
    with suppress(OSError):  # the disk is full: the lock works all the same, without the holder's details
        os.ftruncate(lock, 0)
        os.write(lock, json.dumps(holder).encode())


def _holder(path: Path) -> str:
    """Who holds the lock, if the file says so: its holder may not have written it yet."""
    try:
        holder = parse_json(read_regular(path, MOST_BYTES))
        return (
            f"'{str(holder['command'])[:200]}' "
            f"(process {str(holder['pid'])[:20]} on {str(holder['host'])[:100]}, "
            f"since {str(holder['since'])[:40]})"
        )
    except (UnreadableError, ValueError, TypeError, KeyError):
        return "another run"


def _remove_empty(folders: list[Path]) -> None:
    with suppress(OSError):  # a folder that isn't empty stays
        for folder in folders:
            folder.rmdir()
