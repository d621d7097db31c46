"""What Windows has and POSIX hasn't, by what POSIX has for it."""

import os
import struct
from fcntl import F_OFD_SETLK, F_UNLCK, F_WRLCK, fcntl
from types import ModuleType

O_BINARY = 1 << 30  # no flag that Linux has


def locking(descriptor: int, mode: int, size: int) -> None:
    """Lock or unlock bytes from where a file is read, as `msvcrt.locking` does, for this open file alone."""
    kind = F_UNLCK if mode == msvcrt.LK_UNLCK else F_WRLCK
    lock = struct.pack("hhqqi4x", kind, os.SEEK_CUR, 0, size, 0)
    try:
        fcntl(descriptor, F_OFD_SETLK, lock)
    except BlockingIOError:
        raise PermissionError(13, "Permission denied") from None


msvcrt = ModuleType("msvcrt")
vars(msvcrt).update(locking=locking, LK_UNLCK=0, LK_LOCK=1, LK_NBLCK=2)
