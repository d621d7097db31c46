"""Run a kit's sources in the Node that the project brings."""

from collections.abc import Sequence
from pathlib import Path

from export.errors import KitError
from export.runtimes.node import node
from export.runtimes.process import reason_in
from train.console.programs import captured


def run_in_node(script: Path, arguments: Sequence[str] = (), *, title: str) -> None:
    """Run a script of a kit, or one that tries a kit.

    Args:
        script: The script.
        arguments: Its arguments.
        title: The kit's, for the message.

    Raises:
        KitError: If it ends with another status than 0.
    """
    command = [node(), str(script), *arguments]
    run = captured(command)
    if run.returncode:
        raise found_wrong(title, reason_in(run.stderr))


def found_wrong(title: str, reason: str) -> KitError:
    """The error about a kit that isn't as it should be."""
    return KitError(f"expected the kit for {title} to pass its checks, found: {reason}")
