"""Show the figures: a table on the terminal, a table and pictures in the reports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from export.bench.statistics import Figures
from export.report.build import percent
from export.report.chart import bars

HEADINGS = (  # two of text, then numbers
    *("target", "runtime", "kB", "gzip", "brotli", "load ms", "first ms", "warm ms", "95%"),
    *("warm x", "images/s", "rate x", "MB", "accuracy"),
)
WIDTH = 170  # of the table, where the terminal isn't known


def print_table(figures: Sequence[Figures], baseline: str) -> None:
    """Print a row for each on stdout."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title(baseline), title_justify="left")
    for number, heading in enumerate(HEADINGS):
        table.add_column(heading, justify="left" if number < 2 else "right", overflow="fold")
    for one in figures:
        table.add_row(*_cells(one))
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console = Console(highlight=False, markup=False, width=WIDTH)
    console.print(table)


def section(figures: Sequence[Figures], baseline: str, rounds: int, batch: int) -> dict[str, Any]:
    """What the templates `bench.*.jinja` show."""
    # Without versions, which the table has: the bars need the room.
    names = [f"{one.target}, {re.sub(r' [0-9]+([.][0-9]+)+', '', one.runtime)}" for one in figures]
    wire = {one.target: one.brotli_bytes / 1000 for one in figures}
    return {
        "title": title(baseline),
        "rounds": rounds,
        "batch": batch,
        "headings": HEADINGS,
        "rows": [_cells(one) for one in figures],
        "charts": {
            "One picture": bars(
                names,
                [one.warm_ms for one in figures],
                "ms; the line goes to where 95% are faster",
                [one.warm_p95_ms for one in figures],
            ),
            "Pictures in batches": bars(names, [one.images_per_s for one in figures], "images a second"),
            "Loading": bars(names, [one.load_ms for one in figures], "ms, the runtime's own included"),
            "Memory": bars(
                names, [one.peak_bytes / 1e6 for one in figures], "MB, the most that its process held"
            ),
            "On the wire": bars(list(wire), list(wire.values()), "kB, in brotli, without the runtime"),
        },
    }


def title(baseline: str) -> str:
    """What the figures are."""
    return f"One thread, medians; x: times the baseline, {baseline}"


def _cells(one: Figures) -> tuple[str, ...]:
    return (
        one.target,
        one.runtime,
        *(f"{size / 1000:,.1f}" for size in (one.bytes, one.gzip_bytes, one.brotli_bytes)),
        *(_short(time) for time in (one.load_ms, one.first_ms, one.warm_ms, one.warm_p95_ms)),
        _short(one.times_baseline),
        f"{one.images_per_s:,.0f}",
        _short(one.images_per_s_times_baseline),
        f"{one.peak_bytes / 1e6:,.0f}",
        percent(one.accuracy),
    )


def _short(value: float) -> str:
    """Two or three digits."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2g}"
