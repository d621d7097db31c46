"""Write results beside where they belong and move them in place once they are complete."""

from __future__ import annotations

import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from train.command import cleaned_up
from train.errors import OutputError


@contextmanager
def staging(out: Path) -> Iterator[Path]:
    """A temporary folder on the same file system as `out`, gone afterwards whatever happens.

    Args:
        out: The output folder; it isn't made here, so that a run that fails leaves none.

    Raises:
        OutputError: If `out` is no folder, or nothing can be written there.
    """
    beside = out.absolute()
    if beside.exists() and not beside.is_dir():
        raise OutputError(f"expected a folder at {out}, found a file: choose another with --out")
    try:
        if beside.is_dir():
            # Writable? Found out now, not after minutes of work.
            with tempfile.TemporaryFile(dir=beside):
                pass
        # In it if it exists: it may be a mount or a link to another file system, or its parent be locked.
        beside = next(folder for folder in (beside, *beside.parents) if folder.exists())
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=beside))
    except OSError as error:
        raise OutputError(
            f"expected to write to {out}, it can't be ({error.strerror}): choose another with --out"
        ) from None
    with cleaned_up(lambda: shutil.rmtree(folder, ignore_errors=True)), writing(out):
        yield folder


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Turn what the system says to writing in the body into one line.

    Raises:
        OutputError: If the body raises an OSError.
    """
    try:
        yield
    except OSError as error:
        raise OutputError(f"expected to write to {out}, it failed ({error}): make room there") from error


def move_in_place(staged: Path, out: Path, names: list[str]) -> None:
    """Move entries of a staging folder into `out`, in this order, replacing what was there.

    Args:
        staged: The folder that `staging` gave.
        out: The output folder, made if it is missing.
        names: Entries, files or folders. One that isn't staged is removed from `out`.
    """
    replaced = Path(tempfile.mkdtemp(dir=staged))
    with _interrupts_held_back():
        out.mkdir(parents=True, exist_ok=True)
        for name in names:
            if (out / name).exists():
                (out / name).replace(replaced / name)
            if (staged / name).exists():
                (staged / name).replace(out / name)


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
