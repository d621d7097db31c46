"""Write results beside where they belong and move them in place once they are complete."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from train.console.interrupts import cleaned_up
from train.errors import OutputError
from train.output.lock import locked
from train.output.transaction import STAGING, finish_swap, sweep
from train.output.transaction import move_in_place as move_in_place


@contextmanager
def at_work(out: Path) -> Iterator[None]:
    """Keep other runs off the output folder, in which nothing half done is left from killed ones.

    Args:
        out: The output folder, made if it is missing; a body that leaves nothing in it leaves none.

    Raises:
        LockError: If another run is at work there.
        OutputError: If `out` is no folder, or nothing can be written there.
    """
    with locked(out) as first:
        if first:
            with writing(out):
                finish_swap(out)
                sweep(out)
        yield
        if first:
            sweep(out)  # what a killed run's children, which outlive it by seconds, have written since


@contextmanager
def staging(out: Path) -> Iterator[Path]:
    """A temporary folder in `out`, gone afterwards whatever happens; see `at_work`, too.

    Raises:
        LockError: If another run is at work there.
        OutputError: If `out` is no folder, or what the body writes can't be written.
    """
    with at_work(out), writing(out):
        folder = Path(tempfile.mkdtemp(prefix=STAGING, dir=out.absolute()))
        with cleaned_up(lambda: shutil.rmtree(folder, ignore_errors=True)):
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
