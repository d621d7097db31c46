"""Show in a notebook what an export has made."""

import html
import os
import sys
from importlib import import_module
from pathlib import Path

from export.errors import OutputError

HEIGHT = 700  # pixels
PAGE = "web/inkproof.html"


def display_report(out: str | os.PathLike[str] = "artifacts") -> None:
    """Display the report of an output folder below the cell, if this runs in a notebook.

    Args:
        out: The output folder.

    Raises:
        OutputError: If there is no report in it.
    """
    from export.report.build import HTML

    _display(Path(out, HTML), f"build it: python -m export all --out {os.fspath(out)}")


def display_page(out: str | os.PathLike[str] = "artifacts") -> None:
    """Display the page of an output folder below the cell, if this runs in a notebook.

    Args:
        out: The output folder.

    Raises:
        OutputError: If the page isn't there as one file, as it isn't for models of more than a few megabytes.
    """
    _display(
        Path(out, PAGE),
        f"build it, or look at it in a browser: python -m export serve --out {os.fspath(out)}",
    )


def _display(page: Path, remedy: str) -> None:
    """Display a page that is one file in a frame: its styles leave the notebook's alone."""
    try:
        document = html.escape(page.read_text(encoding="utf-8"))
    except OSError:
        raise OutputError(f"expected {page}, found none: {remedy}") from None
    ipython = sys.modules.get("IPython")
    if ipython is None or not hasattr(ipython.get_ipython(), "kernel"):
        return
    shown = import_module("IPython.display")
    frame = f'<iframe srcdoc="{document}" width="100%" height="{HEIGHT}" style="border: 0"></iframe>'
    shown.display(shown.HTML(f"<div>{frame}</div>"))  # of a frame alone IPython asks whether it is meant
