"""Photos of paper: sheets on desks, lines, frames, shadows, fingers, digits side by side."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.golden.photos import GOLDEN
from tests.train.drawing.photo_forms import (
    FORMS,
    Ink,
    darker_lines,
    desk,
    margin,
    on_page,
    plain,
    shadow,
    turned_desk,
)
from tests.train.drawing.picture_forms import CONTRACT, digit
from train.drawing.ink import ink_of
from train.drawing.photo import NoDigitsError, digits_in
from train.drawing.preprocess import normalise
from train.drawing.ruling import reaching_in, ruling
from train.drawing.sheet import on_sheet
from train.errors import PictureError
from train.evaluation.predict import read_digits

DIGITS = (0, 1, 4, 5, 7, 8)


def saved(grey: Ink, path: Path, seed: int) -> Path:
    noisy = grey + np.random.default_rng(seed).normal(0, 2.5, grey.shape)
    Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(path)
    return path


@pytest.mark.parametrize("form", FORMS)
def test_only_the_digit_is_read(form, tmp_path):
    inks = [on_page(digit(label, np.random.default_rng(label))) for label in DIGITS]
    paths = [
        saved(form(ink), tmp_path / f"{label}.png", label) for label, ink in zip(DIGITS, inks, strict=True)
    ]
    read, pictures, errors = read_digits(paths, CONTRACT)
    assert not errors
    assert read == [(path, 1) for path in paths]
    for ink, picture in zip(inks, pictures, strict=True):
        expected = normalise(ink, CONTRACT).ravel()
        assert np.corrcoef(expected, picture.ravel())[0, 1] > 0.93


@pytest.mark.parametrize("colours", [("white", "yellow"), ("black", "yellow"), ("white", "cyan")])
def test_ink_of_a_pale_colour_is_read(colours, tmp_path):
    paper, pen = (np.array(Image.new("RGB", (1, 1), colour), float) for colour in colours)
    ink = on_page(digit(7, np.random.default_rng(7)))
    picture = paper + ink[..., None] / 255 * (0.8 * (pen - paper))
    Image.fromarray(picture.astype(np.uint8)).save(tmp_path / "pale.png")
    _, (seen,), _ = read_digits([tmp_path / "pale.png"], CONTRACT)
    assert np.corrcoef(normalise(ink, CONTRACT).ravel(), seen.ravel())[0, 1] > 0.93


def test_digits_side_by_side_are_read_from_left_to_right(tmp_path):
    inks = [digit(label, np.random.default_rng(label)) for label in (7, 2, 9)]
    path = saved(plain(np.concatenate(inks, axis=1)), tmp_path / "729.png", 0)
    read, pictures, _ = read_digits([path], CONTRACT)
    assert read == [(path, 3)]
    for ink, picture in zip(inks, pictures, strict=True):
        assert np.corrcoef(normalise(ink, CONTRACT).ravel(), picture.ravel())[0, 1] > 0.93


@pytest.mark.parametrize("size", [80, 280])
@pytest.mark.parametrize("gap", [0, 12])
@pytest.mark.parametrize("margin", [30, -3])
def test_digits_in_the_boxes_of_a_form_are_read(size, gap, margin, tmp_path):
    """Of boxes that share their sides, or stand apart; in the photo, or cut off by its border."""
    inks = [digit(label, np.random.default_rng(label)) for label in (7, 2, 9, 4)]
    small = [np.asarray(Image.fromarray(ink).resize((size, size), Image.Resampling.BOX)) for ink in inks]
    grey = plain(np.pad(np.concatenate(small, axis=1), 30))
    line = max(2, size // 60)
    for left in range(30, 30 + 4 * size, size):
        for x in (left + gap // 2, left + size - gap // 2):
            grey[30 : 30 + size, x - line // 2 : x + line - line // 2] = 60
        for y in (30, 30 + size - line):
            grey[y : y + line, left + gap // 2 : left + size - gap // 2] = 60
    shown = grey[:, 30 - margin : 30 + 4 * size + margin]
    read, pictures, _ = read_digits([saved(shown, tmp_path / "7294.png", 0)], CONTRACT)
    assert read == [(tmp_path / "7294.png", 4)]
    for ink, picture in zip(inks, pictures, strict=True):
        assert np.corrcoef(normalise(ink, CONTRACT).ravel(), picture.ravel())[0, 1] > 0.9


def test_ones_as_high_as_the_lines_of_the_paper_stay(tmp_path):
    grey = np.full((280, 400), 235.0)
    grey[100:103] = grey[180:183] = 150
    for x in (100, 200, 300):
        grey[96:186, x : x + 9] = 35
    read, _, _ = read_digits([saved(grey, tmp_path / "111.png", 0)], CONTRACT)
    assert read == [(tmp_path / "111.png", 3)]


def test_rows_of_digits_are_refused(tmp_path):
    column = np.concatenate([digit(label, np.random.default_rng(label)) for label in (7, 2)])
    _, _, (error,) = read_digits([saved(plain(column), tmp_path / "rows.png", 0)], CONTRACT)
    assert isinstance(error, PictureError)
    assert "found 2 rows: cut the rows apart" in str(error)


@pytest.mark.parametrize("form", [plain, margin, darker_lines, desk, turned_desk, shadow])
def test_paper_on_which_nothing_is_written_is_bare(form, tmp_path):
    path = saved(form(np.zeros((400, 360), np.uint8)), tmp_path / "bare.png", 0)
    _, _, (error,) = read_digits([path], CONTRACT)
    assert "found bare paper" in str(error)


def test_no_part_of_a_digit_is_taken_for_a_line(pen_digits):
    for grey in pen_digits.test.images[:500, ..., 0]:
        assert not ruling(grey > 100).any()


def test_a_digit_that_is_cut_off_is_read_where_nothing_else_is_written():
    grey = plain(on_page(digit(9, np.random.default_rng(9))))
    bottom = np.flatnonzero((grey < 100).any(axis=1))[-1]
    cut = grey[: bottom - 10]
    ink = ink_of(cut)
    assert reaching_in(ink > 100).any()
    np.testing.assert_array_equal(ink > 127, cut < 135)


def test_a_strip_that_is_all_rim_does_no_harm():
    grey = np.full((40, 1000), 60.0)
    grey[5:35, 300:600] = 240
    np.testing.assert_array_equal(on_sheet(grey), grey)


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.name)
def test_golden_photo(golden):
    """JavaScript finds the same, which tests/web/test_photo_twin.py asserts."""
    if golden.digits is None:
        with pytest.raises(NoDigitsError):
            digits_in(golden.grey.astype(np.float64))
        return
    found = [normalise(ink, CONTRACT).astype(int) for ink in digits_in(golden.grey.astype(np.float64))]
    assert np.abs(np.array(found) - golden.digits).max() <= 1  # as scipy's versions may round
