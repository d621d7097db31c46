"""The templates' filters, and that the pages look like the page of web/."""

import re
from pathlib import Path

from train.report.templates import percent, probability, render

THEME = Path(__file__).parents[3] / "web" / "src" / "styles" / "theme.css"


def test_a_fraction_is_cut_and_never_rounded_up() -> None:
    assert percent(0.99996) == "99.99%"
    assert percent(0.9951) == "99.51%"
    assert percent(1.0) == "100.00%"
    assert percent(None) == percent(float("nan")) == "-"


def test_certainty_is_never_claimed() -> None:
    assert probability(1.0) == probability(0.99999) == "99.99%"


def test_text_is_escaped_as_what_the_template_is(tmp_path: Path) -> None:
    for kind, shown in (("html", "&lt;b&gt; *x* y"), ("md", r"&lt;b&gt; \*x\* y")):
        (tmp_path / f"t.{kind}.jinja").write_text("{{ name }}")
        assert render(f"t.{kind}.jinja", {"name": "<b> *x*\n\x1by"}, tmp_path) == shown


def colours(css: str) -> list[dict[str, str]]:
    """The colours by name, light and dark."""
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    return [dict(re.findall(r"--([\w-]+): (#\w+);", block)) for block in blocks]


def test_the_colours_are_those_of_the_page_of_web() -> None:
    light, dark = colours(render("theme.css.jinja", {}))
    of_the_page = colours(THEME.read_text(encoding="utf-8"))
    assert len(light) == len(dark) > 8
    assert light.items() <= of_the_page[0].items()
    assert dark.items() <= of_the_page[1].items()
