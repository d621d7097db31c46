"""Python: a class on top of ai-edge-litert and NumPy, and nothing of this project."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from export.errors import KitError
from export.kits._kit import ALL, Done, Kit, Proof
from export.kits._model import KitModel
from train.console.text import one_line

SELF_TEST = "selftest.py"


def prove(folder: Path, model: KitModel) -> Proof:
    """Run the self-test."""
    command = [sys.executable, "-B", str(folder / SELF_TEST)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if run.returncode:
        *_, reason = (run.stderr or run.stdout).strip().splitlines() or ["nothing"]
        raise KitError(f"expected the Python kit to pass its self-test, found: {one_line(reason)}")
    return Proof(Done.RAN, f"ai-edge-litert {version('ai-edge-litert')}", 0.0)


KIT = Kit(name="python", title="Python", targets=ALL, models="models", golden="golden", prove=prove)
