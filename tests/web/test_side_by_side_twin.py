"""web/src/drawing/side_by_side.js tells digits apart as train/drawing/side_by_side.py does."""

import base64
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.golden.side_by_side import GOLDEN, owners
from train.data.pen import draw
from train.drawing.canvas import render
from train.drawing.side_by_side import count_rows, side_by_side

HERE = Path(__file__).parent

Image = NDArray[np.uint8]
Twin = Callable[[Sequence[Image]], list[tuple[list[Image], int]]]


@pytest.fixture(scope="module")
def twin(node: Callable[..., Any]) -> Twin:
    """The digits, and in how many rows they stand, of many drawings in one run of Node."""

    def run(drawings: Sequence[Image]) -> list[tuple[list[Image], int]]:
        question = [
            {"rows": ink.shape[0], "columns": ink.shape[1], "ink": base64.b64encode(ink.tobytes()).decode()}
            for ink in drawings
        ]
        done = node(HERE / "side_by_side.mjs", input=json.dumps(question))
        assert done.returncode == 0, done.stderr
        return [
            (
                [
                    np.frombuffer(base64.b64decode(one), np.uint8).reshape(ink.shape)
                    for one in answer["digits"]
                ],
                answer["writtenRows"],
            )
            for ink, answer in zip(drawings, json.loads(done.stdout), strict=True)
        ]

    return run


def test_golden_drawings(twin: Twin) -> None:
    for golden, (digits, rows) in zip(GOLDEN, twin([golden.ink for golden in GOLDEN]), strict=True):
        np.testing.assert_array_equal(owners(digits), golden.owners, golden.name)
        assert rows == golden.written_rows, golden.name


def test_drawings_of_all_kinds(twin: Twin) -> None:
    rng = np.random.default_rng(4)
    drawings = [_at_random(rng) for _ in range(60)]
    for ink, (digits, rows) in zip(drawings, twin(drawings), strict=True):
        np.testing.assert_array_equal(owners(digits), owners(side_by_side(ink)))
        assert rows == count_rows(ink)


def _at_random(rng: np.random.Generator) -> Image:
    """One to five digits anywhere, overlapping or not, and up to three dots."""
    digits = [
        stroke * rng.uniform(20, 70) + rng.uniform(0, 110, 2)
        for _ in range(rng.integers(1, 6))
        for stroke in draw(int(rng.integers(10)), rng)
    ]
    dots = [rng.uniform(0, 160, (1, 2)) for _ in range(rng.integers(4))]
    return render([*digits, *dots], 160, rng.uniform(2, 10))
