"""Show the report in a notebook."""

import html
import sys
from importlib import import_module
from pathlib import Path

from export.report.build import HTML

HEIGHT = 700  # pixels


def display_report(out: Path) -> None:
    """Display the report of an output folder below the cell, if this runs in a notebook."""
    ipython = sys.modules.get("IPython")
    if ipython is None or not hasattr(ipython.get_ipython(), "kernel"):
        return
    document = html.escape((out / HTML).read_text(encoding="utf-8"))
    # A frame of its own: the report's styles leave the notebook's alone.
    shown = import_module("IPython.display")
    shown.display(
        shown.HTML(f'<iframe srcdoc="{document}" width="100%" height="{HEIGHT}" style="border: 0"></iframe>')
    )
