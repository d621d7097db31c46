"""Lock a file by the operating system, whose locks end with their process, even after SIGKILL.

By Python's own modules: to import a library for it takes as long as all else of a `--help`, and those known
lock the first byte, so that on Windows nobody could read in the file who holds it.
"""

import os
import sys
from contextlib import ExitStack, suppress
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    FLAGS = os.O_RDWR | os.O_CREAT | os.O_BINARY
    BEYOND = 1 << 30  # the byte that is locked, which nobody else can read: none of the content

    def _try(descriptor: int) -> bool:
        try:
            _lock_byte(descriptor, msvcrt.LK_NBLCK)
        except PermissionError:
            return False
        return True

    def remove(path: Path, descriptor: int) -> None:
        """Release the lock of `lock_file`, and remove the file, which can't be removed while it is open."""
        with suppress(OSError):  # closing releases it too, but later
            _lock_byte(descriptor, msvcrt.LK_UNLCK)
        os.close(descriptor)
        with suppress(OSError):  # another process has opened it
            path.unlink()

    def _lock_byte(descriptor: int, mode: int) -> None:
        os.lseek(descriptor, BEYOND, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, mode, 1)
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    FLAGS = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW

    def _try(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def remove(path: Path, descriptor: int) -> None:
        """Remove the file while it is locked, so that waiting processes see it; release the lock."""
        with suppress(OSError):  # its folder has become read-only: an unlocked file there does no harm
            path.unlink()
        os.close(descriptor)


def lock_file(path: Path) -> int | None:
    """Lock the file at `path`, which is made if it is missing.

    Returns:
        Its descriptor, for `remove`; None if another process holds the lock.

    Raises:
        OSError: If the file can't be made or locked, or is a link.
    """
    while True:
        with ExitStack() as closed:
            descriptor = os.open(path, FLAGS, 0o644)
            closed.callback(os.close, descriptor)
            if not _try(descriptor):
                return None
            if _is_at(path, descriptor):
                closed.pop_all()
                return descriptor
        # Its holder has just removed the file: try again.


def _is_at(path: Path, descriptor: int) -> bool:
    """Whether the open file is still the one at `path`: its previous holder may have removed it."""
    with suppress(FileNotFoundError):
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    return False
