"""Run a runtime as a process of its own, so that a damaged artifact can crash only that."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from export.errors import RunError
from train.console.programs import begun
from train.console.text import one_line

if TYPE_CHECKING:
    from export.types import Images

EXCEPTIONS = 0xC0000000


class Processes:
    """The processes that this one has started and waits for, from any of its threads."""

    def __init__(self) -> None:
        """There are none yet."""
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.RLock()

    def run(self, command: Sequence[str], artifact: str) -> None:
        """Run a command to its end.

        Args:
            command: Program and arguments.
            artifact: What it runs, for the message.

        Raises:
            RunError: If it ends with another status than 0.
        """
        with self._lock:
            process = begun(command)
            self._running.add(process)
        try:
            _, complaint = process.communicate()
        finally:
            with self._lock:
                self._running.discard(process)
        if process.returncode:
            how = ending(process.returncode, complaint)
            raise RunError(f"expected {artifact} to run, found that its runtime {how}: build it again")

    @property
    def count(self) -> int:
        """How many are running."""
        return len(self._running)

    def stop(self) -> None:
        """End every process that `run` is waiting for."""
        with self._lock:
            for process in self._running:
                process.kill()

    def stop_for_good(self) -> None:
        """End every process that `run` is waiting for, and start no other: this process is ending too."""
        self._lock.acquire()
        self.stop()


processes = Processes()


def ending(status: int, complaint: str) -> str:
    """How a program has failed, in words.

    Args:
        status: Below 0 the number of the signal that has ended it; from `EXCEPTIONS` on why Windows has, such
            as 0xC0000005 for memory that isn't its own.
        complaint: What it wrote to stderr.
    """
    if status < 0:
        return f"crashed ({signal.strsignal(-status)})"
    if status >= EXCEPTIONS:
        return f"crashed (status 0x{status:08X})"
    return f"stopped ({reason_in(complaint) or f'status {status}, without a message'})"


def reason_in(complaint: str) -> str:
    """Why a program failed, from what it wrote to stderr: the line that names the error, without a stack.

    Args:
        complaint: All of it. Without a line that begins as Python's and JavaScript's errors do, it is all
            taken as the reason.
    """
    named = re.findall(r"^[\w.]*(?:Error|Exception)\b.*", complaint, re.MULTILINE)
    reason = named[-1].removeprefix("Error: ") if named else complaint
    return one_line(re.sub(r"(?<=\.) [^.]*:$", "", reason))  # TF.js announces a list of possible causes


def output_of(module: str, arguments: Sequence[str], artifact: Path, images: Images, suffix: str) -> bytes:
    """Run a module as a program on an artifact and images; return what it writes.

    Args:
        module: It is given the arguments, the artifact, an `.npy` of the images, and the file to write.
        arguments: Its first arguments.
        artifact: What it runs.
        images: Shape (n, height, width, channels).
        suffix: Of the file to write.

    Raises:
        RunError: If it fails.
    """
    import numpy as np

    with tempfile.TemporaryDirectory() as folder:
        given, result = Path(folder, "images.npy"), Path(folder, f"result{suffix}")
        np.save(given, images)
        command = [sys.executable, "-m", module, *arguments, *map(str, (artifact, given, result))]
        processes.run(command, str(artifact))
        return result.read_bytes()
