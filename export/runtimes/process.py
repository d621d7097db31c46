"""Run a runtime as a process of its own, so that a damaged artifact can crash only that."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from export.errors import RunError
from export.types import Images

_running: set[subprocess.Popen[str]] = set()
_lock = threading.RLock()


def run(command: Sequence[str], artifact: str) -> None:
    """Run a command to its end.

    Args:
        command: Program and arguments.
        artifact: What it runs, for the message.

    Raises:
        RunError: If it ends with another status than 0.
    """
    with _lock:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            # Ctrl-C reaches only us; we stop the others.
            start_new_session=True,
        )
        _running.add(process)
    try:
        _, complaint = process.communicate()
    finally:
        with _lock:
            _running.discard(process)
    if process.returncode:
        lines = [line.strip() for line in complaint.splitlines() if line.strip()]
        reason = next((line for line in reversed(lines) if "Error" in line), lines[-1] if lines else "")
        raise RunError(
            f"expected {artifact} to run, found that its runtime stopped with status "
            f"{process.returncode} ({reason[:300]}): build it again"
        )


def ask(module: str, arguments: Sequence[str], artifact: Path, images: Images, suffix: str) -> bytes:
    """What a module, run as a program, answers about an artifact and images.

    Args:
        module: It is given the arguments, the artifact, an `.npy` of the images, and the file to answer in.
        arguments: What it is given first.
        artifact: What it runs.
        images: Shape (n, height, width, channels).
        suffix: Of the file to answer in.

    Raises:
        RunError: If it fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        given, answers = Path(folder, "images.npy"), Path(folder, f"answers{suffix}")
        np.save(given, images)
        run([sys.executable, "-m", module, *arguments, *map(str, (artifact, given, answers))], str(artifact))
        return answers.read_bytes()


def peak_bytes(process: str) -> int:
    """The most memory that a process has held, by its number; `self` for this one.

    Not by `getrusage`: what that gives begins with the peak of the process that started this one.
    """
    status = Path("/proc", process, "status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return 1024 * int(found[1])


def stop() -> None:
    """End every process that `run` is waiting for."""
    with _lock:
        for process in _running:
            process.kill()


def stop_for_good() -> None:
    """End every process that `run` is waiting for, and let it start no other: this one is ending too."""
    _lock.acquire()
    stop()
