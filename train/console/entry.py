"""Run a command line and turn what happens into an exit status and at most one line on stderr."""

from __future__ import annotations

import sys
from typing import NoReturn

from train.console.interrupts import end_when_interrupted


def run(module: str, name: str) -> NoReturn:
    """Run the click command `cli` of a module and exit.

    The status is 0 if it is done, 1 or 3 as the error says, 2 for wrong usage, 130 if it is interrupted.

    Args:
        module: Where the command is; imported only once Ctrl-C is taken care of.
        name: What its help calls it.
    """
    end_when_interrupted()
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # a log shows each line at once
    from importlib import import_module

    import click

    from train.console.temporary import scratch
    from train.console.text import plain
    from train.errors import InkproofError

    try:
        with scratch():
            import_module(module).cli.main(prog_name=name, standalone_mode=False)
        status = 0
    except click.ClickException as error:  # wrong usage
        error.show()
        status = error.exit_code
    except InkproofError as error:
        print(f"inkproof: {plain(str(error))}", file=sys.stderr)
        status = error.exit_status
    sys.exit(status)
