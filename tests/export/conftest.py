"""What tests of the export share: command lines that are run and measured."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

MOST_MEGABYTES = 2000


@dataclass(frozen=True)
class Outcome:
    """How a command line ended."""

    status: int
    complaint: str
    megabytes: float

    def refused(self, *, saying: str) -> None:
        """Assert that it was refused in one line, within bounded memory."""
        assert self.status == 1, self
        (line,) = self.complaint.splitlines()
        assert line.startswith("inkproof: expected "), line
        assert line.isprintable(), line
        assert saying in line
        assert self.megabytes < MOST_MEGABYTES, self


@pytest.fixture(scope="session")
def run_all() -> Callable[..., list[Outcome]]:
    """Runs command lines, each in a process of its own: (module, [arguments, ...], folder) -> outcomes."""

    def run(module: str, lines: list[list[str | Path]], folder: Path) -> list[Outcome]:
        cases = [
            {"module": module, "arguments": [str(word) for word in line], "folder": str(folder)}
            for line in lines
        ]
        done = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("forked_commands.py"))],
            input=json.dumps(cases),
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            text=True,
            check=True,
            timeout=600,
        )
        return [Outcome(**outcome) for outcome in json.loads(done.stdout)]

    return run
