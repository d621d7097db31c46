"""Write results into a staging folder and move them into place once they are complete."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from train.console.interrupts import cleaned_up
from train.console.text import is_unicode
from train.errors import OutputError
from train.output.lock import locked
from train.output.transaction import STAGING, finish_swap, remove_leftovers
from train.output.transaction import move_in_place as move_in_place


@contextmanager
def at_work(out: Path) -> Iterator[None]:
    """Lock the output folder, and complete or remove what killed runs have left in it.

    Args:
        out: The output folder, created if missing, and removed if the body leaves it empty.

    Raises:
        LockError: If another run is using it.
        OutputError: If `out` is not a folder, has a name that TensorFlow can't take, or can't be written.
    """
    if not is_unicode(str(out.absolute())):
        raise OutputError(
            f"expected an output folder whose name is in UTF-8, found {out.absolute()}: "
            "choose another with --out"
        )
    with locked(out) as first:
        if first:
            with writing(out):
                finish_swap(out)
                remove_leftovers(out)
        yield
        if first:
            remove_leftovers(out)  # the children of a killed run outlive it by seconds


@contextmanager
def staging(out: Path) -> Iterator[Path]:
    """Lock the output folder as `at_work` does, and provide a staging folder in it, removed afterwards.

    Raises:
        LockError: If another run is using `out`.
        OutputError: If `out` is not a folder, or the body can't write its files.
    """
    with at_work(out), writing(out):
        folder = Path(tempfile.mkdtemp(prefix=STAGING, dir=out.absolute()))
        with cleaned_up(lambda: shutil.rmtree(folder, ignore_errors=True)):
            yield folder


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Turn an OSError in the body into an error of one line.

    Raises:
        OutputError: If the body raises an OSError.
    """
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"expected to write to {out}, it failed ({error}): free some space there"
        ) from error
