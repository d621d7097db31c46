"""Run a check of a model file in a process of its own: whatever kills that process only refuses the file."""

import os
import subprocess
import sys
from pathlib import Path

from train.console.programs import captured
from train.errors import ModelError

# Of waiting; the limits of CPU time are met first, unless something sleeps.
MOST_SECONDS = 300


def check_apart(module: str, path: Path, otherwise: str) -> None:
    """Run a module with a file as its argument; it exits with status 1 and a line on stdout to refuse it.

    Args:
        module: The module's name.
        path: The file.
        otherwise: What is said of a file that kills the process; `{status}` in it is what ended it.

    Raises:
        ModelError: If the file is refused, or the process doesn't end well.
    """
    command = [sys.executable, "-m", module, os.fspath(path)]
    try:
        done = captured(command, timeout_s=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        raise ModelError(otherwise.format(status="time is up")) from None
    if done.returncode == 1 and done.stdout and not done.stderr:
        raise ModelError(done.stdout.strip())
    if done.returncode:
        raise ModelError(otherwise.format(status=f"status {done.returncode}"))


def limit_time(seconds: int) -> None:
    """Have the system end this process by SIGXCPU once it has used so much more CPU time.

    On Windows, which has no such limit, the wait for the process ends it.
    """
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, hard))
