"""The pictures of the report: how large each copy is and how often it is right, and how fast."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from export.results import Artifact

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MARKERS = "osD^vP*XhH<>d8p"


def size_against_accuracy(artifacts: Sequence[Artifact], reference: float) -> str:
    """Draw size (kB) against accuracy (percent) of every copy that could be run.

    Args:
        artifacts: The copies.
        reference: The original's accuracy, 0..1, drawn as a line.

    Returns:
        An SVG element; the same artifacts give the same bytes.
    """

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.axhline(100 * reference, color="gray", linewidth=1, linestyle="--", label="the original")
        for number, artifact in enumerate(artifacts):
            comparison = artifact.parity.comparison
            if comparison is None:
                continue
            axes.scatter(
                artifact.bytes / 1000,
                100 * comparison.accuracy,
                marker=MARKERS[number % len(MARKERS)],
                color=f"C{number % 10}",
                alpha=0.8,  # some lie on top of others
                label=artifact.target.name,
            )
        axes.set_xlim(left=0)
        low, high = axes.get_ylim()  # at least a fifth of a point, lest ten images look like a cliff
        axes.set_ylim(min(low, 100 * reference - 0.1), max(high, 100 * reference + 0.1))
        axes.ticklabel_format(useOffset=False)
        axes.set_xlabel("size, kB")
        axes.set_ylabel("accuracy, %")
        axes.grid(alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
        figure.legend(loc="outside right upper", frameon=False)

    return _svg(7.2, 3.6, draw)


def bars(
    names: Sequence[str], values: Sequence[float], label: str, ends: Sequence[float] | None = None
) -> str:
    """Draw a horizontal bar for each value, on a logarithmic scale.

    Args:
        names: Of the bars, from top to bottom.
        values: Their lengths, more than 0.
        label: What they are, with the unit.
        ends: How far a thin line goes on from each; None for none.

    Returns:
        An SVG element; the same values give the same bytes.
    """

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.barh(range(len(values)), values, color="C0", height=0.7)
        if ends is not None:
            axes.hlines(range(len(values)), values, ends, color="black", linewidth=1)
        axes.set_yticks(range(len(names)), names, parse_math=False)
        axes.invert_yaxis()
        axes.set_xscale("log")
        axes.set_xlabel(label, loc="right")  # to where there is room: names leave the bars half of the width
        axes.margins(y=0.01)
        axes.grid(axis="x", alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)

    return _svg(9, 0.7 + 0.2 * len(values), draw)


def _svg(width: float, height: float, draw: Callable[[Figure], None]) -> str:
    """Draw a figure of this size in inches."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    style: dict[Any, Any] = {
        "svg.hashsalt": "inkproof",
        "svg.fonttype": "none",
        "font.family": "sans-serif",
        "font.size": 9,
    }
    with mpl.rc_context(style):
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure)
        content = io.StringIO()
        figure.savefig(content, format="svg", transparent=True, metadata={"Date": None})
    text = content.getvalue()
    return text[text.index("<svg") :]  # without the XML prologue, which HTML doesn't take
