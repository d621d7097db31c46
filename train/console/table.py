"""Tables on stdout: fitted to a terminal; in a file or a pipe as wide as their content."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from train.console.streams import unfiltered
from train.console.terminal import is_terminal
from train.console.text import printable

if TYPE_CHECKING:
    from rich.table import Table

UNLIMITED = 10_000  # characters


def print_table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, title: str | None = None, texts: int = 0
) -> None:
    """Print rows of cells under headings.

    Args:
        headings: Of the columns.
        rows: Their cells.
        title: A line above them.
        texts: How many columns, the first ones, are aligned on the left; the others hold numbers.
    """
    from rich.box import SIMPLE_HEAD
    from rich.table import Column, Table

    columns = [
        Column(heading, justify="left" if number < texts else "right", overflow="fold")
        for number, heading in enumerate(map(printable, headings))
    ]
    caption = None if title is None else printable(title)
    table = Table(*columns, box=SIMPLE_HEAD, show_edge=False, title=caption, title_justify="left")
    for row in rows:
        table.add_row(*map(printable, row))
    _show(table)


def print_row(cells: Sequence[str], widths: Sequence[int]) -> None:
    """Print cells side by side, the first ones as wide as `widths` say, the last one as wide as it is."""
    from rich.table import Column, Table

    row = Table.grid(*(Column(width=width) for width in widths), "", padding=(0, 1))
    row.add_row(*map(printable, cells))
    _show(row)


def _show(table: Table) -> None:
    """Print a table; nothing is wrapped or cut off where stdout isn't a terminal."""
    from rich.console import Console

    stdout = unfiltered(sys.stdout)
    console = Console(file=stdout, highlight=False, markup=False, force_terminal=is_terminal(stdout))
    if not console.is_terminal:
        console.width = UNLIMITED
    console.print(table)
