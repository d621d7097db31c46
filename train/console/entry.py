"""Run a command line; turn an error into an exit status and one line on stderr."""

import sys
from typing import NoReturn

from train.console import interrupts


def run(module: str, name: str) -> NoReturn:
    """Run the click command `cli` of a module and exit.

    The status is 0 on success, 1 or 3 depending on the error, 2 for wrong usage, 130 after Ctrl-C.

    Args:
        module: The module of the command; it is imported once Ctrl-C is handled.
        name: The name of the program in its help.
    """
    interrupts.PROCESS.handle_signals()
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # so that each line appears at once in a log
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
