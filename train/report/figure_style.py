"""One look for all figures: SVG whose lines and letters follow the reader's light or dark scheme."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 5.2  # inches, 500 pixels in a browser: on a phone its letters are still legible
INK = "#1f2328"
DARK_INK = "#e6edf3"
BLUE = "#3b82f6"  # blue and orange stand out from white and from black, for the colour-blind too
ORANGE = "#d9660a"
RED = "#dc2626"

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
_SCHEMES = (
    f":root {{ color-scheme: light dark; color: {INK} }}\n"
    f"@media (prefers-color-scheme: dark) {{ :root {{ color: {DARK_INK} }} }}\n"
)


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
    text = content.getvalue().replace(INK, "currentColor")
    return text.replace('<style type="text/css">', f'<style type="text/css">{_SCHEMES}', 1)
