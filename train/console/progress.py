"""Show on stdout which stage is running, its progress, and how long it took."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from train.console.interrupts import if_interrupted
from train.console.streams import unfiltered
from train.console.terminal import is_terminal
from train.console.text import printable


@contextmanager
def stage(title: str, total: int | None = None) -> Iterator[Callable[[], None]]:
    """Show a stage while it runs and print afterwards how long it took.

    Args:
        title: What the stage does.
        total: Number of steps, for a progress bar with the remaining time; None for a spinner only. A stage
            of 0 steps prints nothing.

    Yields:
        A function to call after each step.
    """
    if total == 0:
        yield lambda: None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    # The current stdout, without redirection, because train.console.quiet redirects it meanwhile.
    stdout = unfiltered(sys.stdout)
    console = Console(file=stdout, highlight=False, soft_wrap=True, force_terminal=is_terminal(stdout))
    title = printable(title)
    columns = [SpinnerColumn(), TextColumn("{task.description}", markup=False)]
    bar = [BarColumn(), TimeRemainingColumn(compact=True)] if total else []
    begin = time.perf_counter()
    progress = Progress(
        *columns,
        *bar,
        console=console,
        transient=True,
        disable=not console.is_terminal,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    with progress, if_interrupted(progress.stop):  # stopping it restores the cursor
        task = progress.add_task(title, total=total)
        yield lambda: progress.advance(task)
    console.print(f"{escape(title)}  [dim]{time.perf_counter() - begin:.1f} s[/dim]")
