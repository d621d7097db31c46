"""From measurements to figures: medians over the rounds, and ratios within each."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any


@dataclass(frozen=True, slots=True)
class Figures:
    """One artifact in one runtime. Times are medians over the rounds, one thread.

    Attributes:
        target: Its name, or `original`, the reference model.
        runtime: Name and version.
        bytes: Size of its files.
        gzip_bytes: The same, each file compressed.
        brotli_bytes: Likewise.
        load_ms: From a started process to a model that is ready, the runtime's own loading included. The
            page's bundle makes a first prediction in it.
        first_ms: The first prediction of one picture.
        warm_ms: A later one.
        warm_p95_ms: 95 of 100 are faster, of all rounds together.
        images_per_s: In batches of 250.
        peak_bytes: The most memory that its process has held, the runtime included.
        accuracy: As in the manifest, 0..1; None where it couldn't be run.
        times_baseline: How often the baseline's warm_ms its own is, the median over the rounds.
        images_per_s_times_baseline: The same of images_per_s.
    """

    target: str
    runtime: str
    bytes: int
    gzip_bytes: int
    brotli_bytes: int
    load_ms: float
    first_ms: float
    warm_ms: float
    warm_p95_ms: float
    images_per_s: float
    peak_bytes: int
    accuracy: float | None
    times_baseline: float
    images_per_s_times_baseline: float


Measurement = dict[str, Any]


def summarize(rounds: Sequence[Measurement], baseline: Sequence[Measurement]) -> dict[str, Any]:
    """The figures of one artifact in one runtime that are measured.

    Args:
        rounds: What `export.bench.measure.measure` gave, round by round.
        baseline: The same of the baseline, in the same rounds. A machine that is busy for a while is so for
            both, which a ratio of two medians wouldn't see.
    """
    all_warm = [time for one in rounds for time in one["warm_ms"]]
    warm, warm_of_baseline = _warm(rounds), _warm(baseline)
    rates, rates_of_baseline = ([one["images_per_s"] for one in some] for some in (rounds, baseline))
    return {
        "load_ms": median(one["load_ms"] for one in rounds),
        "first_ms": median(one["first_ms"] for one in rounds),
        "warm_ms": median(warm),
        "warm_p95_ms": quantiles(all_warm, n=20, method="inclusive")[-1]
        if len(all_warm) > 1
        else all_warm[0],
        "images_per_s": median(rates),
        "peak_bytes": int(median(one["peak_bytes"] for one in rounds)),
        "times_baseline": _ratio(warm, warm_of_baseline),
        "images_per_s_times_baseline": _ratio(rates, rates_of_baseline),
    }


def _warm(rounds: Sequence[Measurement]) -> list[float]:
    return [median(one["warm_ms"]) for one in rounds]


def _ratio(values: Sequence[float], others: Sequence[float]) -> float:
    return median(value / other for value, other in zip(values, others, strict=True))
