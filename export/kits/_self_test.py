"""Run a kit's own self-test in Python."""

import sys
from pathlib import Path

from export.errors import KitError
from train.console.programs import captured
from train.console.text import one_line

SELF_TEST = "selftest.py"


def run_self_test(folder: Path, kit: str, *parts: str) -> None:
    """Run `selftest.py` of a kit, or parts of it, and leave nothing in the folder.

    Args:
        folder: The kit's.
        kit: The kit, as in prose.
        parts: The arguments.

    Raises:
        KitError: If it fails.
    """
    command = [sys.executable, "-B", str(folder / SELF_TEST), *parts]
    run = captured(command)
    if run.returncode:
        *_, reason = (run.stderr or run.stdout).strip().splitlines() or ["nothing"]
        raise KitError(f"expected {kit} to pass its self-test, found: {one_line(reason)}")
