"""The templates of all pages: one environment, in which text from outside is never markup."""

import html
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from train.console.text import plain


def render(name: str, values: Mapping[str, Any], *folders: Path) -> str:
    """Fill in a template.

    Args:
        name: The name of its file, such as `report.html.jinja`. Values are escaped as HTML if it contains
            `.html.`, as Markdown if it contains `.md.`.
        values: By the names that the template uses.
        folders: The folders of the template and of those that it includes. This module's own folder, which
            has the layout and the style of all pages, is searched last.
    """
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(
        loader=FileSystemLoader([*folders, Path(__file__).parent]),
        # Names may come from somebody's model, data or runtime.
        autoescape=".html." in name,
        finalize=_as_markdown if ".md." in name else _as_line,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"percent": percent, "probability": probability, "dataset": dataset_name}
    environment.filters["thousands"] = "{:,}".format
    return environment.get_template(name).render(values)


def percent(fraction: float | None) -> str:
    """A fraction as a percentage with two decimals, cut and not rounded: 99.996% must not read as 100%."""
    if fraction is None or math.isnan(fraction):
        return "-"
    hundredths = math.floor(fraction * 1e4 + 1e-6)  # 0.9951 * 1e4 may end just below 9951
    return f"{hundredths / 100:.2f}%"


def probability(value: float) -> str:
    """A probability as text that never claims certainty: 99.99% at most."""
    return percent(min(value, 0.9999))


def dataset_name(name: str) -> str:
    """The name of a dataset as it stands in prose."""
    return "MNIST" if name == "mnist" else name


def _as_line(value: Any) -> Any:
    """A text as one line; anything else, such as our own markup, unchanged."""
    return plain(value) if type(value) is str else value


def _as_markdown(value: Any) -> str:
    """A value as text that is markup neither in Markdown nor in the HTML that Markdown may contain."""
    text = html.escape(plain(str(value)), quote=False)
    return re.sub(r"[\\`*_\[\]|~]", r"\\\g<0>", text)
