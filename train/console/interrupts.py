"""Clean up when the process is interrupted: what every command and the folders that it writes rely on."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

_cleanups: list[Callable[[], object]] = []


def end_when_interrupted() -> None:
    """Have Ctrl-C and SIGTERM clean up and end the process from now on, with status 130 or 143."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)


@contextmanager
def cleaned_up(action: Callable[[], object]) -> Iterator[None]:
    """Call `action` when the body ends, however it ends."""
    with if_interrupted(action):
        try:
            yield
        finally:
            action()


@contextmanager
def if_interrupted(action: Callable[[], object]) -> Iterator[None]:
    """Call `action` if the process is interrupted in the body, which isn't unwound then."""
    _cleanups.append(action)
    try:
        yield
    finally:
        _cleanups.remove(action)


def _end(number: int, _frame: object) -> NoReturn:
    """Clean up and end the process, here and now.

    A KeyboardInterrupt wouldn't do: raised in a callback that native code or the garbage collector makes,
    it is swallowed, and the run goes on (seen in 3 of 12 interrupted exports).
    """
    signal.signal(number, signal.SIG_IGN)
    for action in reversed(_cleanups):
        with suppress(Exception):  # one that fails keeps no other from its turn
            action()
    os.write(2, b"inkproof: interrupted\n")
    os._exit(128 + number)  # as shells have it: 130 for Ctrl-C
