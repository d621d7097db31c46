"""Fill in a kit's templates: every number in its sources comes from the model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from train.console.text import plain
from train.report.templates import percent

TEMPLATES = Path(__file__).parent / "templates"
SUFFIX = ".jinja"
README = "README.md"


def render_kit(name: str, values: Mapping[str, object], folder: Path, *, readme: bool) -> None:
    """Fill in the templates of a kit, each into the same place of `folder`.

    Args:
        name: The kit's name.
        values: By the names that templates use.
        folder: The kit's folder.
        readme: Whether to write `README.md`, which says what was done with the rest, or the rest.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader([TEMPLATES / name, TEMPLATES / "shared"]),
        undefined=StrictUndefined,
        finalize=_as_line,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # these are programs, whose texts pass through `quoted`
    )
    environment.filters |= {"quoted": quoted, "dollar_quoted": dollar_quoted, "percent": percent}
    environment.filters["number"] = repr  # the shortest text that gives the same float
    for template in sorted((TEMPLATES / name).rglob(f"*{SUFFIX}")):
        place = template.relative_to(TEMPLATES / name).as_posix().removesuffix(SUFFIX)
        if (place == README) == readme:
            file = folder / place
            file.parent.mkdir(parents=True, exist_ok=True)
            text = environment.get_template(f"{place}{SUFFIX}").render(values)
            file.write_text(text, encoding="utf-8", newline="\n")


def quoted(text: str) -> str:
    """A text as a literal of C, C++, JavaScript, Python, Swift or JSON."""
    return json.dumps(plain(text), ensure_ascii=False)


def dollar_quoted(text: str) -> str:
    """A text as a literal of Kotlin or Dart, where a dollar sign would name a variable."""
    return quoted(text).replace("$", "\\$")


def _as_line(value: object) -> object:
    """A text as one line."""
    return plain(value) if type(value) is str else value
