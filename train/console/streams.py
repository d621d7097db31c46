"""stdout and stderr of a command: no text steers the terminal, and no failure of theirs is a traceback."""

import io
import os
import sys
from errno import EINVAL
from typing import Any, TextIO

from train.console.say import warn
from train.console.text import printable

STDOUT, STDERR = 1, 2
BROKEN_PIPE = (
    128 + 13
)  # SIGPIPE, which Windows hasn't: the status of other programs whose reader has left, as in `| head`


class PlainText(io.TextIOWrapper):
    """Text of several lines in which nothing else than these is a control character.

    Attributes:
        unfiltered: The same stream, for `rich`, which steers the terminal itself.
    """

    def __init__(self, raw: io.RawIOBase, encoding: str) -> None:
        """Write to a raw stream; what an encoding lacks is written as an escape sequence."""
        buffer = io.BufferedWriter(raw)
        super().__init__(buffer, encoding, errors="backslashreplace", line_buffering=True)
        self.unfiltered = io.TextIOWrapper(buffer, encoding, errors="backslashreplace", line_buffering=True)

    def write(self, text: str) -> int:
        """Write text; each line end of it begins a line."""
        return super().write("\n".join(map(printable, text.split("\n"))))


class _Descriptor(io.RawIOBase):
    """A descriptor to be written to, even one of a console of Windows, for which Python has its own way."""

    def __init__(self, descriptor: int) -> None:
        self._raw = open(descriptor, "wb", buffering=0, closefd=False)  # noqa: SIM115

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._raw.fileno()

    def isatty(self) -> bool:
        return self._raw.isatty()

    def write(self, data: Any) -> int:
        return self._raw.write(data)


class _Stdout(_Descriptor):
    """Ends the process if nobody can have what it prints: silently if the reader has left."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), STDOUT)  # for what is still to be flushed
            if isinstance(error, BrokenPipeError) or (sys.platform == "win32" and error.errno == EINVAL):
                raise SystemExit(BROKEN_PIPE) from None
            warn(
                f"expected to write to stdout, it can't be ({error.strerror}): redirect it to a file on "
                f"another disk, or to {os.devnull}"
            )
            raise SystemExit(1) from None


class _Stderr(_Descriptor):
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
    sys.stdout = PlainText(_Stdout(STDOUT), _encoding_of(sys.stdout))
    sys.stderr = PlainText(_Stderr(STDERR), _encoding_of(sys.stderr))


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
