"""Clean up when the process is interrupted: every command and the folders that it writes rely on this."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import NoReturn

# That end a process which can still clean up. On Windows nobody can send SIGTERM, but Ctrl-Break.
SIGNALS = [signal.SIGINT, signal.SIGTERM]
if sys.platform == "win32":
    SIGNALS.append(signal.SIGBREAK)


@dataclass(frozen=True)
class Interrupts:
    """Ends the process on Ctrl-C or the like, after the clean-ups that are pending, the latest first."""

    pending: list[Callable[[], object]] = field(default_factory=list)

    def handle_signals(self) -> None:
        """From now on, clean up and exit on Ctrl-C (status 130), SIGTERM (143) and Ctrl-Break (149)."""
        for number in SIGNALS:
            signal.signal(number, self._end)

    @contextmanager
    def cleaned_up(self, action: Callable[[], object]) -> Iterator[None]:
        """Call `action` when the body ends, however it ends."""
        with self.if_interrupted(action):
            try:
                yield
            finally:
                action()

    @contextmanager
    def if_interrupted(self, action: Callable[[], object]) -> Iterator[None]:
        """Call `action` if the process is interrupted in the body, which isn't unwound then."""
        self.pending.append(action)
        try:
            yield
        finally:
            self.pending.remove(action)

    def _end(self, number: int, _frame: object) -> NoReturn:
        """Clean up and end the process immediately.

        A KeyboardInterrupt isn't enough: native code and the garbage collector swallow it when it is raised
        in a callback of theirs, and the run continues (seen in 3 of 12 interrupted exports).
        """
        signal.signal(number, signal.SIG_IGN)
        for action in reversed(self.pending):
            with suppress(Exception):  # the remaining clean-ups still run
                action()
        with suppress(OSError):  # stderr is full
            os.write(2, b"inkproof: interrupted\n")
        os._exit(128 + number)  # the status that shells use: 130 for Ctrl-C


PROCESS = Interrupts()  # signal handlers belong to the whole process
cleaned_up, if_interrupted = PROCESS.cleaned_up, PROCESS.if_interrupted
