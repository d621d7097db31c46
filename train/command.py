"""Run a command line and turn what happens into an exit status and at most one line on stderr."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

from train.errors import InkproofError

if TYPE_CHECKING:
    import click

INTERRUPTED = 130  # 128 + SIGINT, as shells have it


def run(command: click.Command, name: str) -> NoReturn:
    """Run a click command and exit: 0 done, 1 or 3 as the error says, 2 wrong usage, 130 interrupted."""
    import click

    try:
        status = command.main(prog_name=name, standalone_mode=False)
    except click.ClickException as error:  # wrong usage
        error.show()
        sys.exit(error.exit_code)
    except InkproofError as error:
        print(f"inkproof: {error}", file=sys.stderr)
        sys.exit(error.exit_status)
    except (KeyboardInterrupt, click.Abort):
        print("inkproof: interrupted", file=sys.stderr)
        sys.exit(INTERRUPTED)
    sys.exit(status if isinstance(status, int) else 0)
