"""Drawings read from JSON lines and drawn as the page's canvas does."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from train.contract import InputContract
from train.drawing.strokes import as_pictures, read_drawings
from train.errors import DataError

SEVEN: dict[str, Any] = {"label": 7, "strokes": [[[0, 0], [60, 0], [30, 100]], [[10, 50], [50, 50]]]}


def written(tmp_path: Path, *lines: object) -> Path:
    path = tmp_path / "drawings.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return path


def test_strokes_are_scaled_to_one_whatever_their_unit(tmp_path: Path) -> None:
    moved = {"label": 7, "strokes": [[[x / 9 - 3, y / 9 + 40] for x, y in s] for s in SEVEN["strokes"]]}
    one, other = read_drawings(written(tmp_path, SEVEN, moved))
    assert one.label == 7
    np.testing.assert_allclose(one.strokes[0], [[0.0, 0.0], [0.6, 0.0], [0.3, 1.0]])
    for a, b in zip(one.strokes, other.strokes, strict=True):
        np.testing.assert_allclose(a, b)


NO_DRAWINGS = [
    *("", "{", "[]", "3", "{}", '{"label": 1}', '{"label": "x", "strokes": [[[0, 0]]]}'),
    *('{"label": 1, "strokes": []}', '{"label": 1, "strokes": 5}'),
    *('{"label": 1, "strokes": [[[0, 0], [1]]]}', '{"label": 1, "strokes": [[["a", 0]]]}'),
    '{"label": 1, "strokes": [[[NaN, 0], [0, 1]]]}',
]


@pytest.mark.parametrize("line", NO_DRAWINGS)
def test_a_line_that_is_no_drawing_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(DataError, match="in line 2 of") as caught:
        read_drawings(written(tmp_path, SEVEN, line, SEVEN))
    assert "\n" not in str(caught.value)


def test_no_drawings_at_all(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="found none"):
        read_drawings(tmp_path / "none.jsonl")
    with pytest.raises(DataError, match="found an empty file"):
        read_drawings(written(tmp_path))


def test_place_and_size_hardly_matter_and_the_line_does(tmp_path: Path) -> None:
    contract = InputContract()
    drawings = read_drawings(written(tmp_path, SEVEN))
    middle = as_pictures(drawings, contract, scale=0.7).astype(int)
    assert middle.shape == (1, 28, 28, 1)
    corner = as_pictures(drawings, contract, scale=0.7, place=(0.0, 1.0)).astype(int)
    assert np.abs(middle - corner).mean() < 6
    thin = as_pictures(drawings, contract, scale=0.7, line=8 / 280).astype(int)
    assert thin.sum() < 0.6 * middle.sum()


def test_a_dot_is_a_drawing(tmp_path: Path) -> None:
    drawings = read_drawings(written(tmp_path, {"label": 1, "strokes": [[[5, 5]]]}))
    assert as_pictures(drawings, InputContract(), scale=0.7).max() == 255
