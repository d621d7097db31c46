"""Long lists of parameters: each run of the tests takes some of them, a run of the slow tests the rest."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest


def often(values: Iterable[Any], some: Callable[[Any], bool]) -> list[Any]:
    """Parameters of a test, a tuple for several of them, of which those not among some are marked as slow."""
    return [
        pytest.param(
            *(value if isinstance(value, tuple) else (value,)), marks=() if some(value) else pytest.mark.slow
        )
        for value in values
    ]
