"""The reference preprocessing: place, size and polarity don't matter, ink is neither lost nor invented."""

import base64
import json
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from train.contract import InputContract
from train.data.pen import draw
from train.drawing.canvas import render
from train.drawing.preprocess import _without_specks, normalise

CONTRACT = InputContract()
GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "drawings.json").read_text(encoding="utf-8"))
PICTURES = arrays.arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40)))


def unpacked(text, shape):
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8).reshape(shape)


def pen_digit(digit, size=120, length=80, corner=(20, 20), line=8.0):
    strokes = draw(digit, np.random.default_rng(digit))
    return render([stroke * length + corner for stroke in strokes], size, line)


def centre_of_mass(image):
    """Row and column, in pixels from the upper left corner."""
    weights = image.astype(float)
    return [
        float((weights.sum(axis=1 - axis) * (np.arange(n) + 0.5)).sum() / weights.sum())
        for axis, n in enumerate(image.shape)
    ]


@pytest.mark.parametrize("golden", GOLDEN, ids=[golden["name"] for golden in GOLDEN])
def test_golden_drawing(golden):
    result = normalise(unpacked(golden["ink"], (golden["rows"], golden["columns"])), CONTRACT)
    np.testing.assert_array_equal(result, unpacked(golden["expected"], (28, 28)))


def test_golden_drawings_cover_what_people_do():
    inks = [unpacked(golden["ink"], (golden["rows"], golden["columns"])) for golden in GOLDEN]
    assert len({golden["name"] for golden in GOLDEN}) == len(GOLDEN) >= 12
    assert any(not ink.any() for ink in inks)
    assert any(ink.shape[0] < ink.shape[1] for ink in inks)
    assert any(ink.shape[0] > ink.shape[1] for ink in inks)
    assert any(np.unique(ink).size == 256 for ink in inks)
    assert any(ink[0].any() and ink[-1].any() and ink[:, 0].any() and ink[:, -1].any() for ink in inks)


@pytest.mark.parametrize("digit", range(10))
def test_centre_of_mass_is_at_the_centre(digit):
    assert centre_of_mass(normalise(pen_digit(digit), CONTRACT)) == pytest.approx([14.5, 14.5], abs=0.02)


@pytest.mark.parametrize("digit", range(10))
def test_longer_side_fills_the_box(digit):
    rows, columns = np.nonzero(normalise(pen_digit(digit), CONTRACT))
    longer = max(np.ptp(rows), np.ptp(columns)) + 1
    assert CONTRACT.box <= longer <= CONTRACT.box + 1  # the box may begin within a pixel


@pytest.mark.parametrize("digit", range(10))
def test_place_on_the_canvas_does_not_matter(digit):
    small = pen_digit(digit, size=60, length=40, corner=(10, 10), line=5.0)
    elsewhere = np.zeros((200, 170), np.uint8)
    elsewhere[133:193, 7:67] = small
    np.testing.assert_array_equal(normalise(elsewhere, CONTRACT), normalise(small, CONTRACT))


@pytest.mark.parametrize("factor", [2, 3])
@pytest.mark.parametrize("digit", range(10))
def test_size_does_not_matter(digit, factor):
    small = pen_digit(digit)
    large = np.kron(small, np.ones((factor, factor), np.uint8))
    difference = normalise(large, CONTRACT).astype(int) - normalise(small, CONTRACT)
    assert np.abs(difference).max() <= 1


@pytest.mark.parametrize("digit", range(10))
def test_drawn_larger_looks_nearly_the_same(digit):
    small, large = pen_digit(digit, length=60, line=6.0), pen_digit(digit, size=280, length=200, line=20.0)
    difference = normalise(large, CONTRACT).astype(int) - normalise(small, CONTRACT)
    assert np.abs(difference).mean() < 4


def test_bare_paper_gives_bare_paper():
    result = normalise(np.zeros((70, 40), np.uint8), InputContract(background=17, ink=200))
    np.testing.assert_array_equal(result, np.full((28, 28), 17))


def test_a_dot_becomes_a_disc_in_the_middle():
    result = normalise(render([np.array([[61.0, 40.0]])], 100, 12.0), CONTRACT)
    assert result.sum() / 255 == pytest.approx(np.pi * 10**2, rel=0.05)
    assert centre_of_mass(result) == pytest.approx([14.5, 14.5], abs=0.02)


def test_lopsided_drawing_keeps_all_its_ink():
    drawing = np.zeros((100, 100), np.uint8)
    drawing[:, 50] = 1  # a faint tail, 100 long
    drawing[:5] = 255  # and nearly all the mass at one end
    result = normalise(drawing, CONTRACT)
    assert centre_of_mass(result)[0] < 14
    assert result.sum() == pytest.approx(drawing.sum() * (20 / 100) ** 2, rel=0.01)


def test_dark_ink_on_light_paper_is_the_negative():
    light_on_dark = normalise(pen_digit(3), CONTRACT).astype(int)
    dark_on_light = normalise(pen_digit(3), InputContract(background=255, ink=0)).astype(int)
    assert dark_on_light.max() == 255
    assert np.abs(light_on_dark + dark_on_light - 255).max() <= 1  # halves are rounded up in both


def test_other_geometry():
    contract = InputContract(height=40, width=32, box=26, centre=0.5)
    result = normalise(pen_digit(8), contract)
    assert result.shape == (40, 32)
    assert centre_of_mass(result) == pytest.approx([20, 16], abs=0.02)


@settings(max_examples=60, deadline=None)
@given(PICTURES)
def test_any_picture_keeps_its_mass_but_for_specks(picture):
    assume(picture.any())
    result = normalise(picture, CONTRACT)
    picture = _without_specks(picture)
    rows, columns = np.nonzero(picture)
    scale = CONTRACT.box / (max(np.ptp(rows), np.ptp(columns)) + 1)
    assert result.shape == (28, 28)
    assert result.dtype == np.uint8
    # Each of the 784 pixels is rounded by half a level at most.
    assert abs(float(result.sum()) - float(picture.sum()) * scale**2) <= 0.5 * result.size


@settings(max_examples=60, deadline=None)
@given(PICTURES)
def test_drawing_is_left_as_it_was(picture):
    before = picture.copy()
    normalise(picture, CONTRACT)
    np.testing.assert_array_equal(picture, before)


def test_a_stray_dot_changes_nothing_and_a_small_part_of_the_digit_stays() -> None:
    contract = InputContract()
    ink = np.zeros((100, 100), np.uint8)
    ink[20:80, 40:46] = 255
    clean = normalise(ink, contract)
    dotted = ink.copy()
    dotted[90:100, 5:15] = 255
    np.testing.assert_array_equal(normalise(dotted, contract), clean)
    thick = ink.copy()
    thick[70:97, 5:30] = 255  # nearly half as long as the digit
    np.testing.assert_array_equal(normalise(thick, contract), clean)
    hatted = ink.copy()
    hatted[20:26, 55:80] = 255  # as long as a short hat of a 5
    assert not np.array_equal(normalise(hatted, contract), clean)


@settings(max_examples=60, deadline=None)
@given(PICTURES)
def test_only_small_parts_are_specks(picture):
    kept = _without_specks(picture)
    assert kept.any() == picture.any()
    assert set(np.unique(kept[kept != picture])) <= {0}
    np.testing.assert_array_equal(_without_specks(kept), kept)


def test_dots_alone_are_a_drawing() -> None:
    ink = np.zeros((60, 60), np.uint8)
    ink[10:14, 10:14] = ink[40:44, 40:44] = 255
    assert (normalise(ink, InputContract()) == 255).sum() >= 2
