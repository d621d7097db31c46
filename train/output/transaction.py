"""Replace several entries of a folder: all or none, even if the process is killed.

A swap is a hidden folder of the output folder. `new/` holds the entries to put in place, `put/` an empty file
for each of them, `gone/` one for each entry to remove, and `old/` receives the earlier entries. The swap is
filled and synced under another name; renaming it commits it. The next run completes a swap that a killed run
has left, by a few renames, or undoes it if the system refuses one.
"""

import os
import secrets
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from train.console.interrupts import SIGNALS
from train.errors import OutputError
from train.output.lock import locked
from train.output.move import move, sync, sync_entries

# The temporary entries of an output folder, apart from the lock.
STAGING = ".inkproof-staging-"
SWAP = ".inkproof-swap"
PARTS = ("new", "put", "gone", "old")
PATIENCE_S = 10.0


def move_in_place(staged: Path, out: Path, names: Sequence[str]) -> None:
    """Move entries of a staging folder into `out`, replacing earlier ones: all of them or none.

    Args:
        staged: The folder from `train.output.staging`.
        out: The output folder, which contains it.
        names: Entries, files or folders, in the order in which they are moved. An entry that isn't staged
            is removed from `out`.

    Raises:
        OSError: If the system refuses; everything is then as before.
    """
    prepared = Path(tempfile.mkdtemp(dir=staged))
    for part in PARTS:
        (prepared / part).mkdir()
    for name in names:
        staged_too = (staged / name).exists()
        (prepared / ("put" if staged_too else "gone") / name).touch()
        if staged_too:
            move(staged / name, prepared / "new" / name)
    sync(prepared)
    with _interrupts_deferred():
        move(prepared, out / SWAP)  # commits the swap
        _carry_out(out, names)


def recover(out: Path) -> None:
    """Complete the swap that a killed run has left unfinished in `out`, if there is one.

    Call this before reading several entries of an output folder. It waits for a run that is swapping.

    Raises:
        LockError: If a run locks the folder for longer than a swap can take.
        OutputError: If `out` can't be written.
    """
    if os.path.lexists(out / SWAP):
        with locked(out, PATIENCE_S):
            finish_swap(out)


def finish_swap(out: Path) -> None:
    """As `recover`, in a folder whose lock is held."""
    swap = out / SWAP
    if not os.path.lexists(swap):
        return
    # Following a link could move files outside of the output folder.
    if any(folder.is_symlink() or not folder.is_dir() for folder in (swap, *(swap / part for part in PARTS))):
        raise OutputError(
            f"expected the leftovers of a killed run at {swap}, found something else: remove it"
        )
    with _interrupts_deferred():
        _carry_out(out, [marker.name for part in ("put", "gone") for marker in (swap / part).iterdir()])


def remove_leftovers(out: Path) -> None:
    """Remove the staging folders of killed runs, in a folder whose lock is held."""
    for leftover in out.glob(f"{STAGING}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _carry_out(out: Path, names: Sequence[str]) -> None:
    """Carry out the rest of the swap in `out`; undo all of it if that fails."""
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
    move(swap, done)
    sync_entries(swap.parent)
    shutil.rmtree(done, ignore_errors=True)


def _replace(place: Path, swap: Path) -> None:
    new = swap / "new" / place.name
    waits = os.path.lexists(new)
    if (waits or (swap / "gone" / place.name).exists()) and os.path.lexists(place):
        move(place, swap / "old" / place.name)
    if waits:
        move(new, place)


def _undo(swap: Path, out: Path) -> None:
    for name in [marker.name for marker in (swap / "put").iterdir()]:
        if not os.path.lexists(swap / "new" / name):
            move(out / name, swap / "new" / name)
    for old in list((swap / "old").iterdir()):
        move(old, out / old.name)


@contextmanager
def _interrupts_deferred() -> Iterator[None]:
    """Defer Ctrl-C and the like until the body is done."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are handled in the main thread only
        return
    received: list[int] = []
    handlers = [signal.signal(number, lambda number, _: received.append(number)) for number in SIGNALS]
    try:
        yield
    finally:
        for number, handler in zip(SIGNALS, handlers, strict=True):
            signal.signal(number, handler)
    if received:
        signal.raise_signal(received[0])
