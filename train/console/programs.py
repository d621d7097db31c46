"""Start other programs, and read what they say: in UTF-8, whatever the system's own encoding is."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

COLOURS = ("FORCE_COLOR", "CLICOLOR_FORCE")

if sys.platform == "win32":
    NEW_GROUP = subprocess.CREATE_NEW_PROCESS_GROUP
else:
    NEW_GROUP = 0


def captured(
    command: Sequence[str], *, cwd: Path | None = None, timeout_s: float | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program without input to its end; return its status and what it said.

    Args:
        command: Program and arguments.
        cwd: The folder that it runs in; None for this process's.
        timeout_s: After how long it is killed.

    Raises:
        subprocess.TimeoutExpired: If it was killed.
    """
    return subprocess.run(
        command,
        cwd=cwd,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=timeout_s,
        check=False,
    )


def begun(command: Sequence[str]) -> subprocess.Popen[str]:
    """Start a program without input, to be waited for and killed; what it says on stderr can be read.

    Ctrl-C doesn't reach it, but this process alone, which ends the others.
    """
    return subprocess.Popen(
        command,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,  # which means nothing on Windows, as the other does elsewhere
        creationflags=NEW_GROUP,
    )


def _environment() -> dict[str, str]:
    # Node speaks UTF-8. Notebooks ask for colours: it would paint what it prints.
    asked = {name: value for name, value in os.environ.items() if name not in COLOURS}
    return {**asked, "PYTHONIOENCODING": "utf-8"}
