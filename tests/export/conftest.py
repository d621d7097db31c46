"""Fixtures for tests of the export: what was built, to be changed; command lines, measured."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import settings

from export.manifest import read_manifest

MOST_MEGABYTES = 2000
MOST_SECONDS = 10  # of CPU time
# A busy machine is no reason to fail.
settings.register_profile("without a deadline", deadline=None)
settings.load_profile("without a deadline")


@dataclass(frozen=True)
class Outcome:
    """How a command line ended."""

    status: int
    complaint: str
    megabytes: float
    seconds: float

    def refused(self, *, saying: str) -> None:
        """Assert that it was refused in one line, within bounded memory and time."""
        assert self.status == 1, self
        (line,) = self.complaint.splitlines()
        assert line.startswith("inkproof: expected "), line
        assert line.isprintable(), line
        assert saying in line
        assert self.megabytes < MOST_MEGABYTES, self
        assert self.seconds < MOST_SECONDS, self


@pytest.fixture(scope="session")
def run_all() -> Iterator[Callable[..., list[Outcome]]]:
    """Runs command lines, each in a process of its own: (module, [arguments, ...], folder) -> outcomes."""
    with subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("forked_commands.py"))],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        asked, answers = server.stdin, server.stdout
        assert asked
        assert answers

        def run(module: str, lines: list[list[str | Path]], folder: Path) -> list[Outcome]:
            outcomes = []
            for line in lines:
                case = {"module": module, "arguments": [*map(str, line)], "folder": str(folder)}
                print(json.dumps(case), file=asked, flush=True)
                outcomes.append(Outcome(**json.loads(answers.readline())))
            return outcomes

        yield run


@pytest.fixture
def copy(built: Path, tmp_path: Path) -> Path:
    """The built output folder, to be changed."""
    return Path(shutil.copytree(built, tmp_path / "artifacts"))


@pytest.fixture
def keep_only() -> Callable[..., None]:
    """Leaves only some targets in a folder's manifest, to be quick: `keep_only(folder, "tfjs-graph")`."""

    def keep(folder: Path, *names: str) -> None:
        manifest = read_manifest(folder)
        targets = [target for target in manifest.targets if target["name"] in names]
        for target in manifest.targets:
            if target not in targets:
                for file in target["files"]:
                    (folder / file["path"]).unlink()
        replace(manifest, targets=targets).write(folder)

    return keep
