"""One look for all figures: SVG in the colours and type of the pages, for light and dark schemes."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from train.report.templates import render

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 5.2  # inches, 500 pixels in a browser: on a phone its letters are still legible
INK = "#1d222b"
ACCENT = "#0f6b5c"
QUIET = "#728097"
PROBLEM = "#8f1d1d"
# What is drawn in these colours gets the pages' own, which differ in the dark.
_VARIABLES = {INK: "currentColor", ACCENT: "var(--accent)", QUIET: "var(--quiet)", PROBLEM: "var(--problem)"}

_FONT = "font-family: 'DejaVu Sans', sans-serif; "  # measured, then replaced by narrower ones
_STYLE: dict[Any, Any] = {
    "svg.hashsalt": "inkproof",  # else its ids, and so its bytes, differ from run to run
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "axes.titlesize": 9,
    "text.parse_math": False,  # a $ in a name is a $
    **dict.fromkeys(
        ("text.color", "axes.edgecolor", "axes.labelcolor", "axes.titlecolor", "xtick.color", "ytick.color"),
        INK,
    ),
}


def svg(height: float, draw: Callable[[Figure], None]) -> str:
    """Draw a figure.

    Args:
        height: In inches.
        draw: Draws on the empty figure.

    Returns:
        An SVG document; the same drawing gives the same bytes.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        draw(figure)
        content = io.StringIO()
        figure.savefig(content, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    text = content.getvalue().replace(_FONT, "")
    for colour, variable in _VARIABLES.items():
        text = text.replace(colour, variable)
    style = render("theme.css.jinja", {})
    return text.replace('<style type="text/css">', f'<style type="text/css">{style}', 1)
