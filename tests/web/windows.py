"""Windows and colour schemes in which pages are looked at."""

import pytest
from playwright.sync_api import ViewportSize

from tests.often import often

PHONE: ViewportSize = {"width": 390, "height": 844}


def in_windows_and_schemes(desk: ViewportSize) -> pytest.MarkDecorator:
    """Parameters `viewport` and `scheme`: a desk's window and a phone's, light and dark.

    Windows differ in sizes and schemes in colours: each of both once shows in every run what all four would.
    """
    light_and_dark = [(desk, "light"), (PHONE, "dark")]
    return pytest.mark.parametrize(
        ("viewport", "scheme"),
        often([*light_and_dark, (desk, "dark"), (PHONE, "light")], light_and_dark.__contains__),
        ids=["desk-light", "phone-dark", "desk-dark", "phone-light"],
    )
