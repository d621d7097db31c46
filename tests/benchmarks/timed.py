"""Times a command of a checkout of the project."""

import os
import subprocess
import time
from pathlib import Path


def timed(command: list[str], project: Path) -> tuple[float, float]:
    """Run a command in a checkout; seconds by the clock, and of the processor."""
    environment = {**os.environ, "PYTHONPATH": str(project)}
    clock, before = time.perf_counter(), os.times()
    subprocess.run(command, cwd=project, env=environment, capture_output=True, check=True)
    after = os.times()
    busy = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - clock, busy
