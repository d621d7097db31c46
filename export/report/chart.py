"""The positions of the marks in the report's charts; `macros.html.jinja` draws them."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from export.parity.results import Artifact
from train.report.templates import percent

MARGIN = 0.05  # of an axis, before its lowest value and behind its highest
LEAST_DISTANCE = 0.001  # of the ends of the axis of accuracies, from the reference: ten images are no cliff


@dataclass(frozen=True, slots=True)
class Mark:
    """A value on an axis.

    Attributes:
        text: The value as text.
        place: Its position, in percent of the axis.
        until: The end of a thin line from there, likewise; None for no line.
    """

    text: str
    place: float
    until: float | None = None


def size_against_accuracy(
    artifacts: Sequence[Artifact], reference: float | None
) -> tuple[list[tuple[Artifact, Mark, Mark | None]], float | None]:
    """Place all exported models, the smallest first, and the accuracy of the reference model.

    Args:
        artifacts: The exported models.
        reference: The reference model's accuracy, 0..1; None where it has none.

    Returns:
        Each model with the marks of its size, on an axis from 0, and of its accuracy, if it has one; and the
        position of the reference model's accuracy, in percent of its axis.
    """
    accuracies = {
        artifact.target: run.accuracy
        for artifact in artifacts
        if (run := artifact.parity.comparison) and run.accuracy is not None
    }
    ends = [] if reference is None else [reference - LEAST_DISTANCE, reference + LEAST_DISTANCE]
    along_sizes = _axis([0, *(artifact.bytes for artifact in artifacts)])
    along_accuracies = _axis([*accuracies.values(), *ends] or [0], MARGIN)
    points = []
    for artifact in sorted(artifacts, key=lambda artifact: artifact.bytes):
        size = Mark(kilobytes(artifact.bytes), along_sizes(artifact.bytes))
        found = accuracies.get(artifact.target)
        accuracy = None if found is None else Mark(percent(found), along_accuracies(found))
        points.append((artifact, size, accuracy))
    return points, None if reference is None else along_accuracies(reference)


def logarithmic(values: Sequence[float], texts: Iterable[str], ends: Sequence[float] = ()) -> list[Mark]:
    """A mark for each value, on a logarithmic axis that spans them all.

    Args:
        values: More than 0.
        texts: The values as text.
        ends: The ends of their thin lines; empty for no lines.
    """
    along = _axis([math.log(value) for value in [*values, *ends]], MARGIN)
    places = [along(math.log(value)) for value in values]
    lines: list[float] | list[None] = [along(math.log(end)) for end in ends] or [None] * len(values)
    return [Mark(*mark) for mark in zip(texts, places, lines, strict=True)]


def kilobytes(count: int) -> str:
    """A size as text."""
    return f"{count / 1000:,.1f} kB"


def _axis(values: Sequence[float], margin: float = 0) -> Callable[[float], float]:
    """The position of a value on an axis that spans these values, in percent of its length."""
    low, span = min(values), (max(values) - min(values)) or 1
    return lambda value: round(100 * (margin + (1 - 2 * margin) * (value - low) / span), 1)
