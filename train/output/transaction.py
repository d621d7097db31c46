"""Put several entries of a folder in the place of earlier ones: all or none, even if the process is killed.

A swap is a hidden folder of the output folder. `new/` holds the entries that are to be put in place, `put/`
an empty file for each of them, `gone/` one for each that is to be removed, and `old/` receives what was
there. It is filled and synced under another name; once it has its own, it counts. Whoever comes next finishes
it, which takes a few renames, or undoes it where the system refuses one.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from train.errors import OutputError
from train.output.lock import locked

# What is temporary in an output folder, but for the lock, which lies beside it.
STAGING = ".inkproof-staging-"
SWAP = ".inkproof-swap"
PARTS = ("new", "put", "gone", "old")
PATIENCE_S = 10.0


def move_in_place(staged: Path, out: Path, names: Sequence[str]) -> None:
    """Move entries of a staging folder into `out`, replacing what was there: all of them or none.

    Args:
        staged: The folder that `train.output.staging` gave.
        out: The output folder, in which it lies.
        names: Entries, files or folders, in the order in which they are moved. One that isn't staged is
            removed from `out`.

    Raises:
        OSError: If the system refuses; then everything is as it was.
    """
    prepared = Path(tempfile.mkdtemp(dir=staged))
    for part in PARTS:
        (prepared / part).mkdir()
    for name in names:
        staged_too = (staged / name).exists()
        (prepared / ("put" if staged_too else "gone") / name).touch()
        if staged_too:
            (staged / name).rename(prepared / "new" / name)
    sync(prepared)
    with _interrupts_held_back():
        prepared.replace(out / SWAP)  # from here on it counts
        _carry_out(out, names)


def recover(out: Path) -> None:
    """Finish the swap that a killed run has left half done in `out`, if there is one.

    Whoever reads several entries of an output folder calls this first. A run that is at it is waited for.

    Raises:
        LockError: If a run holds the folder for longer than a swap can take.
        OutputError: If nothing can be written there.
    """
    if os.path.lexists(out / SWAP):
        with locked(out, PATIENCE_S):
            finish_swap(out)


def finish_swap(out: Path) -> None:
    """As `recover`, in a folder whose lock is held."""
    swap = out / SWAP
    if not os.path.lexists(swap):
        return
    # Where a link took us, files of somebody else would be moved.
    if any(folder.is_symlink() or not folder.is_dir() for folder in (swap, *(swap / part for part in PARTS))):
        raise OutputError(f"expected what a killed run has left at {swap}, found something else: remove it")
    with _interrupts_held_back():
        _carry_out(out, [marker.name for part in ("put", "gone") for marker in (swap / part).iterdir()])


def sweep(out: Path) -> None:
    """Remove what killed runs have left unfinished in a folder whose lock is held."""
    for leftover in out.glob(f"{STAGING}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def sync(path: Path) -> None:
    """Have the disk hold a file, or a folder with all that is in it, before anything that comes later."""
    if path.is_dir():
        for entry in path.iterdir():
            sync(entry)
    sync_entries(path)


def sync_entries(path: Path) -> None:
    """Have the disk hold a file, or a folder's list of entries, before anything that comes later."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _carry_out(out: Path, names: Sequence[str]) -> None:
    """Do what the swap in `out` says, as far as it isn't done yet; undo all of it where that fails."""
    swap = out / SWAP
    try:
        sync_entries(out)
        for name in names:
            _replace(out / name, swap)
        sync_entries(out)
    except OSError:
        _undo(swap, out)
        _retire(swap)
        raise
    _retire(swap)


def _retire(swap: Path) -> None:
    done = swap.with_name(f"{STAGING}{secrets.token_hex(4)}")
    swap.replace(done)
    sync_entries(swap.parent)
    shutil.rmtree(done, ignore_errors=True)


def _replace(place: Path, swap: Path) -> None:
    new = swap / "new" / place.name
    waits = os.path.lexists(new)
    if (waits or (swap / "gone" / place.name).exists()) and os.path.lexists(place):
        place.replace(swap / "old" / place.name)
    if waits:
        new.replace(place)


def _undo(swap: Path, out: Path) -> None:
    for name in [marker.name for marker in (swap / "put").iterdir()]:
        if not os.path.lexists(swap / "new" / name):
            (out / name).replace(swap / "new" / name)
    for old in list((swap / "old").iterdir()):
        old.replace(out / old.name)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM wait until the body is done."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread is ever interrupted
        return
    came: list[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM)
    handlers = [signal.signal(number, lambda number, _: came.append(number)) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, handlers, strict=True):
            signal.signal(number, handler)
    if came:
        signal.raise_signal(came[0])
