"""Open files from outside: regular ones of a bounded size, and nothing that may block or never end."""

import errno
import os
import stat
import sys
from io import BufferedReader
from pathlib import Path

KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


if sys.platform == "win32":
    FLAGS = os.O_RDONLY | os.O_BINARY
else:  # without blocking, because to open a named pipe is to wait for its writer
    FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY


class UnreadableError(Exception):
    """A file can't be read. Its message ends one that says what was expected: `found X: what to do`.

    Attributes:
        path: The file.
    """

    def __init__(self, path: Path, message: str) -> None:
        """Of a file and the message."""
        super().__init__(message)
        self.path = path


class MissingError(UnreadableError):
    """There is no file."""


def open_regular(path: Path, most_bytes: int) -> BufferedReader:
    """Open a regular file to be read, links followed.

    What it is is decided on the open file, which nobody can replace any more.

    Args:
        path: The file.
        most_bytes: How large it may be.

    Raises:
        MissingError: If there is none.
        UnreadableError: If it is no regular file, larger, or can't be opened.
    """
    try:
        descriptor = os.open(path, FLAGS)
    except FileNotFoundError:
        raise MissingError(path, "found no file: check the path") from None
    except (OSError, ValueError) as error:  # of a name that no file can have, a ValueError
        raise _refused(path, error) from None
    try:
        _demand_regular(path, os.fstat(descriptor), most_bytes)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_regular(path: Path, most_bytes: int) -> bytes:
    """The content of a regular file.

    Args:
        path: The file, see `open_regular`.
        most_bytes: How large it may be.

    Raises:
        MissingError: If there is none.
        UnreadableError: If it is no regular file, larger, or can't be read.
    """
    with open_regular(path, most_bytes) as file:
        try:
            content = file.read(most_bytes + 1)
        except OSError as error:
            raise _refused(path, error) from None
    if len(content) > most_bytes:  # of a file that grows, or of /proc, which states no sizes
        raise _too_large(path, most_bytes)
    return content


def _demand_regular(path: Path, found: os.stat_result, most_bytes: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        kind = KINDS.get(stat.S_IFMT(found.st_mode), "something else")
        raise UnreadableError(path, f"found {kind}: name a regular file")
    if found.st_size > most_bytes:
        raise _too_large(path, most_bytes)


def _too_large(path: Path, most_bytes: int) -> UnreadableError:
    return UnreadableError(path, f"found more than {most_bytes:,} bytes: use a smaller file")


def _refused(path: Path, error: OSError | ValueError) -> UnreadableError:
    if isinstance(error, OSError) and error.errno == errno.ENXIO:
        return UnreadableError(path, "found a socket: name a regular file")
    if isinstance(error, PermissionError) and path.is_dir():  # Windows opens no folders
        return UnreadableError(path, "found a folder: name a regular file")
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return UnreadableError(
        path, f"found one that can't be read ({reason}): check the path and its permissions"
    )
