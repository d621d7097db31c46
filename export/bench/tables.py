"""The figures as tables: one on the terminal, two with marks in the report."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from export.bench.statistics import Figures
from export.bench.subjects import REFERENCE
from export.report.chart import Mark, logarithmic
from train.console.table import print_table as print_on_terminal
from train.report.templates import percent

SIZES = ("kB", "gzip", "brotli")
SPEEDS = ("load ms", "first ms", "warm ms", "95%", "warm x", "images/s", "rate x", "MB")
HEADINGS = ("target", "runtime", *SIZES, *SPEEDS, "accuracy")


def print_table(figures: Sequence[Figures], baseline: str) -> None:
    """Print a row for each artifact and runtime on stdout."""
    print_on_terminal(HEADINGS, map(_row, figures), title=title(baseline), texts=2)


def section(figures: Sequence[Figures], baseline: str, rounds: int, batch: int) -> dict[str, Any]:
    """The values of the templates `bench.*.jinja`."""
    first_of_each = [next(group) for _, group in groupby(figures, lambda one: one.target)]
    speeds = zip(figures, _marked(figures), strict=True)
    return {
        "title": title(baseline),
        "rounds": rounds,
        "batch": batch,
        "headings": HEADINGS,
        "rows": [_row(one) for one in figures],
        "size_headings": (*SIZES, "accuracy"),
        "sizes": [(_name(one.target), (*_sizes(one), percent(one.accuracy))) for one in first_of_each],
        "speed_headings": SPEEDS,
        "speeds": [
            (name, [(one.runtime, cells) for one, cells in runs])
            for name, runs in groupby(speeds, lambda pair: _name(pair[0].target))
        ],
    }


def title(baseline: str) -> str:
    """The caption of the tables."""
    return f"One thread, medians; x: times the baseline, {_name(baseline)}"


def _name(target: str) -> str:
    return "reference model" if target == REFERENCE else target


def _row(one: Figures) -> tuple[str, ...]:
    return (_name(one.target), one.runtime, *_sizes(one), *_speeds(one), percent(one.accuracy))


def _sizes(one: Figures) -> tuple[str, ...]:
    return tuple(f"{size / 1000:,.1f}" for size in (one.bytes, one.gzip_bytes, one.brotli_bytes))


def _speeds(one: Figures) -> tuple[str, ...]:
    return (
        *(_short(time) for time in (one.load_ms, one.first_ms, one.warm_ms, one.warm_p95_ms)),
        _short(one.times_baseline),
        f"{one.images_per_s:,.0f}",
        _short(one.images_per_s_times_baseline),
        f"{one.peak_bytes / 1e6:,.0f}",
    )


def _marked(figures: Sequence[Figures]) -> list[tuple[str | Mark, ...]]:
    """The cells of `SPEEDS`; a thin line leads from the warm time to the one that 95% stay below."""
    columns: list[Sequence[str | Mark]] = list(zip(*map(_speeds, figures), strict=True))
    for heading, values, ends in (
        ("load ms", [one.load_ms for one in figures], []),
        ("warm ms", [one.warm_ms for one in figures], [one.warm_p95_ms for one in figures]),
        ("images/s", [one.images_per_s for one in figures], []),
        ("MB", [one.peak_bytes for one in figures], []),
    ):
        number = SPEEDS.index(heading)
        columns[number] = logarithmic(values, map(str, columns[number]), ends)
    return list(zip(*columns, strict=True))


def _short(value: float) -> str:
    """Two or three digits."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2g}"
