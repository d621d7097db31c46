"""stdout and stderr of a command: no text steers the terminal, and no failure of theirs is a traceback."""

import io
import os
import signal
import sys
from typing import Any, TextIO

from train.console.say import warn
from train.console.text import printable

STDOUT, STDERR = 1, 2
BROKEN_PIPE = 128 + signal.SIGPIPE  # the status of other programs whose reader has left, as in `| head`


class PlainText(io.TextIOWrapper):
    """Text of several lines in which nothing else than these is a control character.

    Attributes:
        unfiltered: The same stream, for `rich`, which steers the terminal itself.
    """

    def __init__(self, descriptor: io.FileIO, encoding: str) -> None:
        """Write to a descriptor; what an encoding lacks is written as an escape sequence."""
        buffer = io.BufferedWriter(descriptor)
        super().__init__(buffer, encoding, errors="backslashreplace", line_buffering=True)
        self.unfiltered = io.TextIOWrapper(buffer, encoding, errors="backslashreplace", line_buffering=True)

    def write(self, text: str) -> int:
        """Write text; each line end of it begins a line."""
        return super().write("\n".join(map(printable, text.split("\n"))))


class _Stdout(io.FileIO):
    """Ends the process if nobody can have what it prints: silently if the reader has left."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), STDOUT)  # for what is still to be flushed
            if isinstance(error, BrokenPipeError):
                raise SystemExit(BROKEN_PIPE) from None
            warn(
                f"expected to write to stdout, it can't be ({error.strerror}): redirect it to a file on "
                f"another disk, or to {os.devnull}"
            )
            raise SystemExit(1) from None


class _Stderr(io.FileIO):
    """Loses what can't be written: the exit status remains."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except OSError:
            return len(data)


def open_streams() -> None:
    """Replace `sys.stdout` and `sys.stderr` by streams that no text and no failure harms.

    A descriptor that is closed is occupied first, lest the next file that is opened becomes stdout. What is
    written there is lost on stderr, and a failure on stdout.
    """
    for descriptor, mode in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        _occupy(descriptor, mode)
    sys.stdout = PlainText(_Stdout(STDOUT, "wb", closefd=False), _encoding_of(sys.stdout))
    sys.stderr = PlainText(_Stderr(STDERR, "wb", closefd=False), _encoding_of(sys.stderr))


def unfiltered(stream: TextIO) -> TextIO:
    """A stream as `rich` needs it, which must be given plain text alone."""
    return stream.unfiltered if isinstance(stream, PlainText) else stream


def _occupy(descriptor: int, mode: int) -> None:
    try:
        os.fstat(descriptor)
    except OSError:
        os.set_inheritable(os.open(os.devnull, mode), True)  # it gets the lowest number that is free


def _encoding_of(stream: TextIO | None) -> str:
    return stream.encoding if stream else "utf-8"
