"""Drawings read from JSON lines and drawn as the page's canvas does."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from train.contract import InputContract
from train.drawing import strokes
from train.drawing.strokes import as_pictures, read_drawings
from train.errors import DataError

SEVEN: dict[str, Any] = {"label": 7, "strokes": [[[0, 0], [60, 0], [30, 100]], [[10, 50], [50, 50]]]}


def written(tmp_path: Path, *lines: object) -> Path:
    path = tmp_path / "drawings.jsonl"
    path.write_text(
        "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines),
        encoding="utf-8",
        newline="\n",
    )
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
    # Numbers that are none, or that nothing can be computed with.
    *(
        f'{{"label": {label}, "strokes": [[[0, 0]]]}}'
        for label in ("256", "20000", "-1", "1e999", "true", "7.5")
    ),
    *(f'{{"label": {label}, "strokes": [[[0, 0]]]}}' for label in ("null", "[1]", '"7"', "NaN", "9" * 5000)),
    *(
        f'{{"label": 1, "strokes": [[[0, 0], [{number}, 1]]]}}'
        for number in ("1.7e308", "-1.7e308", "1e999", "9" * 400, "9" * 5000, "1e10", "-9223372036854775808")
    ),
    *(
        f'{{"label": 1, "strokes": [[[0, 0], [{number}, 1]]]}}'
        for number in ("true", '"1"', "null", "[1]", "{}")
    ),
    f'{{"label": 1, "strokes": [[[0.5, {"9" * 400}]]]}}',
    # Other forms.
    *('{"label": 1, "strokes": {}}', '{"label": 1, "strokes": "abc"}', '{"label": 1, "strokes": [[]]}'),
    *('{"label": 1, "strokes": [[0, 0]]}', '{"label": 1, "strokes": [[[[0, 0]]]]}'),
    *('{"label": 1, "strokes": [[[true, false]]]}', '{"label": 1, "strokes": [{}, null]}'),
    *("[" * 100_000, '{"label": 1, "strokes": ' + "[" * 100_000, '"\\ud800"', "\0", "\u2028"),
    # Too much.
    '{"label": 1, "strokes": [' + ",".join(["[[0,0]]"] * 300_000) + "]}",
    '{"label": 1, "strokes": [' + ",".join(["[[0,0]]"] * 6_000) + "]}",
    '{"label": 1, "strokes": [[' + ",".join(["[0,0]"] * 10_001) + "]]}",
    '{"label": 1, "strokes": [' + ",".join(["[]"] * 10_001) + "]}",
]


@pytest.mark.parametrize("line", NO_DRAWINGS, ids=lambda line: line[:50])
def test_a_line_that_is_no_drawing_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(DataError, match="in line 2 of") as caught:
        read_drawings(written(tmp_path, SEVEN, line, SEVEN))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


def test_a_line_of_other_bytes_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, SEVEN)
    path.write_bytes(path.read_bytes() + b"\n\xff\xfe\n")
    with pytest.raises(DataError, match="in line 2 of"):
        read_drawings(path)


def test_what_editors_add_does_no_harm(tmp_path: Path) -> None:
    path = written(tmp_path, SEVEN, SEVEN)
    plain = read_drawings(path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n")
    assert [drawing.label for drawing in read_drawings(path)] == [drawing.label for drawing in plain]


def test_a_file_of_too_many_drawings_or_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strokes, "MOST_DRAWINGS", 3)
    assert len(read_drawings(written(tmp_path, *[SEVEN] * 3))) == 3
    with pytest.raises(DataError, match=r"up to line 4 of .*: split the file"):
        read_drawings(written(tmp_path, *[SEVEN] * 4))
    monkeypatch.setattr(strokes, "MOST_POINTS_IN_ALL", 10)
    assert len(read_drawings(written(tmp_path, *[SEVEN] * 2))) == 2
    with pytest.raises(DataError, match=r"up to line 3 of"):
        read_drawings(written(tmp_path, *[SEVEN] * 3))


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
