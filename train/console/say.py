"""What a command says: results on stdout, notes and errors on stderr, a line each whatever is in it."""

import sys

from train.console.text import plain, printable


def say(line: str = "") -> None:
    """Print a line on stdout."""
    print(printable(line))


def say_all(text: str) -> None:
    """Print text of several lines on stdout."""
    for line in text.splitlines():
        say(line)


def warn(message: str) -> None:
    """Print a note or an error on stderr, in one line."""
    print(f"inkproof: {plain(message)}", file=sys.stderr)
