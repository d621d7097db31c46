"""Run a command line; turn an error into an exit status and one line on stderr."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from train.console import interrupts
from train.console.streams import open_streams
from train.console.text import plain

if TYPE_CHECKING:
    import click


def run(module: str) -> NoReturn:
    """Run the click command `cli` of a module and exit.

    The status is 0 on success, 1 or 3 depending on the error, 2 for wrong usage, 130 after Ctrl-C, 141 if
    whoever reads stdout has left.

    Args:
        module: The module of the command; it is imported once Ctrl-C is handled.
    """
    interrupts.PROCESS.handle_signals()
    open_streams()
    from importlib import import_module

    import click

    from train.console.say import warn
    from train.console.temporary import scratch
    from train.errors import InkproofError

    try:
        _demand_folder()
        with scratch():
            import_module(module).cli.main(standalone_mode=False)
        sys.stdout.flush()
        status = 0
    except click.ClickException as error:
        sys.stderr.write(_wrong_usage(error))
        status = error.exit_code
    except InkproofError as error:
        warn(str(error))
        status = error.exit_status
    sys.exit(status)


def _demand_folder() -> None:
    """Refuse to run in a folder that was removed, in which no path leads anywhere."""
    from train.errors import OutputError

    try:
        Path.cwd()
    except OSError:
        raise OutputError(
            "expected a folder to run in, found that it was removed: change into another one"
        ) from None


def _wrong_usage(error: click.ClickException) -> str:
    """As click shows it, its message in one line: it names words of the command line, file names perhaps."""
    context: click.Context | None = getattr(error, "ctx", None)
    usage = f"{context.get_usage()}\nTry '{context.command_path} --help' for help.\n\n" if context else ""
    return f"{usage}Error: {plain(error.format_message())}\n"
