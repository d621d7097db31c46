"""Run a command line and turn what happens into an exit status and at most one line on stderr."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

_cleanups: list[Callable[[], object]] = []


def run(module: str, name: str) -> NoReturn:
    """Run the click command `cli` of a module and exit.

    The status is 0 if it is done, 1 or 3 as the error says, 2 for wrong usage, 130 if it is interrupted.

    Args:
        module: Where the command is; imported only once Ctrl-C is taken care of.
        name: What its help calls it.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # a log shows each line at once
    from importlib import import_module

    import click

    from train.errors import InkproofError
    from train.plain import plain
    from train.scratch import scratch

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


@contextmanager
def cleaned_up(action: Callable[[], object]) -> Iterator[None]:
    """Call `action` when the body ends, however it ends."""
    with if_interrupted(action):
        try:
            yield
        finally:
            action()


@contextmanager
def if_interrupted(action: Callable[[], object]) -> Iterator[None]:
    """Call `action` if the process is interrupted in the body, which isn't unwound then."""
    _cleanups.append(action)
    try:
        yield
    finally:
        _cleanups.remove(action)


def _end(number: int, _frame: object) -> NoReturn:
    """Clean up and end the process, here and now.

    A KeyboardInterrupt wouldn't do: raised in a callback that native code or the garbage collector makes,
    it is swallowed, and the run goes on (seen in 3 of 12 interrupted exports).
    """
    signal.signal(number, signal.SIG_IGN)
    for action in reversed(_cleanups):
        with suppress(Exception):  # one that fails keeps no other from its turn
            action()
    os.write(2, b"inkproof: interrupted\n")
    os._exit(128 + number)  # as shells have it: 130 for Ctrl-C
