"""The processes that inspect a model file and build it for a trial die: one line, exit 1, nothing written."""

import os
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.export.command_line import complaint, start
from tests.export.hostile.hostile_models import Workshop

resource = pytest.importorskip("resource", reason="limits as Windows lacks them end a process here")
pytestmark = pytest.mark.integration  # whole commands

# The modules that such a process runs: a command that starts it, and what is said when it dies.
CHECKS: dict[str, tuple[tuple[str, str], str]] = {
    "train.model_file.inspector": (("train", "evaluate"), "found one that crashes or blocks its reader"),
    "train.model_file.trial": (("export", "all"), "found one that can't"),
}
ENDINGS: dict[str, Callable[[int], object]] = {
    "killed": lambda process: os.kill(process, signal.SIGKILL),
    "crashed": lambda process: os.kill(process, signal.SIGSEGV),
    # Enough for NumPy, whose threads wait for ever where they get none, and not for TensorFlow.
    "out of memory": lambda process: resource.prlimit(process, resource.RLIMIT_DATA, 2 * (200_000_000,)),
}


@pytest.fixture(scope="module")
def tried(workshop: Workshop) -> Path:
    """A good model with a layer whose building is tried in a process of its own."""
    pool = {"class_name": "AdaptiveAveragePooling2D", "module": "keras.layers", "registered_name": None}
    config = {"name": "pool", "output_size": [8, 8]}
    return workshop.h5_config("tried", lambda layers: layers.insert(1, {**pool, "config": config}))


@pytest.mark.parametrize(
    ("module", "ending"),
    [
        *[("train.model_file.trial", ending) for ending in ENDINGS],
        *[("train.model_file.inspector", ending) for ending in ("killed", "crashed")],
    ],
)
def test_the_file_is_refused(module: str, ending: str, tried: Path, data: Path, tmp_path: Path) -> None:
    command, saying = CHECKS[module]
    work, scratch = tmp_path / "work", tmp_path / "scratch"
    work.mkdir()
    scratch.mkdir()
    process = start(
        *command,
        "--model",
        tried,
        "--data",
        data,
        cwd=work,
        environment={"TMPDIR": str(scratch)},
        stderr=subprocess.PIPE,
    )
    ENDINGS[ending](_child_that_runs(module, process))
    _, said = process.communicate(timeout=120)
    line = complaint(subprocess.CompletedProcess(process.args, process.returncode, "", said))
    assert f" at {tried}, {saying} (status " in line
    assert not [*work.iterdir(), *scratch.iterdir()]


def _child_that_runs(module: str, process: subprocess.Popen[str]) -> int:
    """The child of a process, once it runs a module."""
    while process.poll() is None:
        with suppress(OSError):  # a thread or a child has ended
            for children in Path(f"/proc/{process.pid}/task").glob("*/children"):
                for child in children.read_text().split():
                    if module in Path(f"/proc/{child}/cmdline").read_text().split("\0"):
                        return int(child)
    raise AssertionError(f"it ended without {module}: {process.communicate()}")
