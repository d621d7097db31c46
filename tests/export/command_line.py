"""Commands of the project as users give them: a process each."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from export.pipeline.cache_keys import ROOT

Word = str | Path


def run(
    *words: Word, project: Path = ROOT, cwd: Path | None = None, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """`python -m WORDS` to its end, its streams as text.

    Args:
        words: `train` or `export`, then the arguments.
        project: Where the module lies.
        cwd: Where it runs; None for in the project.
        environment: Variables that differ from this process's.
    """
    return subprocess.run(
        [sys.executable, "-m", *map(str, words)],
        cwd=cwd or project,
        env={**os.environ, "PYTHONPATH": str(project), **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def start(
    *words: Word,
    cwd: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    stderr: int = subprocess.DEVNULL,
) -> subprocess.Popen[str]:
    """The same, begun; what it says is lost, unless `stderr` is a pipe."""
    return subprocess.Popen(
        [sys.executable, "-m", *map(str, words)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=stderr,
        text=True,
    )


def complaint(done: subprocess.CompletedProcess[str], status: int = 1) -> str:
    """The one line on stderr of a command that ended with this status."""
    assert done.returncode == status, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("inkproof: expected "), line
    return line


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by its path in it."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
