"""Keep two runs on one output folder apart.

The lock is the system's, on an open file, and ends with the process that holds it, even by SIGKILL. The
file itself only says who that is; one that lies there unlocked holds nobody up.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from train.console.interrupts import cleaned_up
from train.errors import LockError, OutputError

FILE = ".inkproof-lock"
RETRY_S = 0.02

_held: set[Path] = set()


@contextmanager
def locked(out: Path, patience_s: float = 0.0) -> Iterator[bool]:
    """Hold the lock of an output folder, which is made if it is missing and goes again if it stays empty.

    A process that holds it may take it once more, as an export does that trains first.

    Args:
        out: The output folder.
        patience_s: How long to wait, in seconds, for a run that holds it.

    Yields:
        Whether this process didn't hold it already.

    Raises:
        LockError: If another run holds it; the message says which, where and since when.
        OutputError: If `out` is no folder, or nothing can be written there.
    """
    folder = out.resolve()
    if folder in _held:
        yield False
        return
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"expected a folder at {out}, found a file: choose another with --out")
    new_folders = [new for new in (folder, *folder.parents) if not new.exists()]
    with cleaned_up(lambda: _remove_empty(new_folders)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = _acquire(folder / FILE, out, time.monotonic() + patience_s)
        except OSError as error:
            raise OutputError(
                f"expected to write to {out}, it can't be ({error.strerror}): choose another with --out"
            ) from None
        with cleaned_up(lambda: _release(folder, lock)):
            _held.add(folder)
            yield True


def _acquire(path: Path, out: Path, deadline: float) -> int:
    """Lock the file at `path`, made if it is missing; return its descriptor."""
    while True:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(path, lock):
                _write_holder(lock)
                return lock
        except BlockingIOError:
            if time.monotonic() >= deadline:
                os.close(lock)
                raise LockError(
                    f"expected no other run on {out}, found {_holder(path)} at work: "
                    "wait until it is done, or choose another folder with --out"
                ) from None
            time.sleep(RETRY_S)
        except BaseException:
            os.close(lock)
            raise
        os.close(lock)  # its holder has just removed it, or still holds it: try again


def _is_at(path: Path, lock: int) -> bool:
    """Whether the open file is still the one at `path`: the holder before may have removed it."""
    with suppress(FileNotFoundError):
        return os.path.samestat(path.stat(), os.fstat(lock))
    return False


def _write_holder(lock: int) -> None:
    command = " ".join(["python -m", Path(sys.argv[0]).parent.name, *sys.argv[1:]])
    since = datetime.now().astimezone().isoformat(" ", "seconds")
    holder = {"pid": os.getpid(), "host": socket.gethostname(), "since": since, "command": command}
    with suppress(OSError):  # on a full disk the lock still holds, it only says less
        os.ftruncate(lock, 0)
        os.write(lock, json.dumps(holder).encode())


def _holder(path: Path) -> str:
    """Who holds the lock, as far as can be told: the holder may be about to write it, or to leave."""
    try:
        said = json.loads(path.read_bytes())
        return (
            f"'{str(said['command'])[:200]}' (process {said['pid']} on {said['host']}, since {said['since']})"
        )
    except (OSError, ValueError, TypeError, KeyError):
        return "another run"


def _release(folder: Path, lock: int) -> None:
    _held.discard(folder)
    with suppress(OSError):  # a folder that can't be written to any more: unlocked it harms nobody
        (folder / FILE).unlink()  # while it is held: whoever waits for it sees that it is gone
    os.close(lock)


def _remove_empty(folders: list[Path]) -> None:
    with suppress(OSError):  # something lies there: it stays
        for folder in folders:
            folder.rmdir()
