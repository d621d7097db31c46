"""Commands of `train` as users give them: a process each, in which a warning of Keras is an error."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path


def command(*arguments: object) -> list[str]:
    """The command line `python -m train` with the arguments."""
    return [sys.executable, "-m", "train", *map(str, arguments)]


def train(
    *arguments: object, timeout_s: float = 120, cwd: Path | None = None, env: Mapping[str, str] = os.environ
) -> subprocess.CompletedProcess[str]:
    """The completed process of `python -m train` with the arguments, its streams as text."""
    return subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
        cwd=cwd,
        env={**env, "PYTHONWARNINGS": "error::UserWarning:keras"},
    )
