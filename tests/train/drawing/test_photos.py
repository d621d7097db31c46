"""Photos of paper: a sheet on a desk, lines and frames, hard shadows, digits side by side."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.train.drawing.picture_forms import CONTRACT, blend, digit
from train.drawing.preprocess import normalise
from train.drawing.ruling import without_ruling
from train.drawing.sheet import on_sheet
from train.drawing.side_by_side import side_by_side
from train.errors import PictureError
from train.evaluation.predict import read_digits

DIGITS = (0, 1, 4, 5, 7, 8)
SIDE = 280
Ink = np.ndarray


def on_page(ink: Ink, rows: int = 400, columns: int = 360) -> Ink:
    """The ink in the middle of a larger page."""
    page = np.zeros((rows, columns), np.uint8)
    top, left = (rows - SIDE) // 2, (columns - SIDE) // 2
    page[top : top + SIDE, left : left + SIDE] = ink
    return page


def plain(ink: Ink) -> Ink:
    return np.asarray(blend(ink, 235.0, 35.0))


def margin(ink: Ink) -> Ink:
    grey = plain(ink)
    grey[:, 30:33] = 130
    return grey


def framed(ink: Ink) -> Ink:
    grey = plain(ink)
    grey[8:14] = grey[-14:-8] = grey[:, 8:14] = grey[:, -14:-8] = 30
    return grey


def desk(ink: Ink) -> Ink:
    grey = np.full((520, 480), 90.0)
    grey[60:460, 60:420] = plain(ink)
    return grey


def turned_desk(ink: Ink) -> Ink:
    return np.asarray(Image.fromarray(desk(ink)).rotate(7, Image.Resampling.BILINEAR, fillcolor=90), float)


def shadow(ink: Ink) -> Ink:
    y, x = np.mgrid[: ink.shape[0], : ink.shape[1]]
    return plain(ink) * np.where(x + 0.4 * y < 230, 0.55, 1.0)


FORMS = (plain, margin, framed, desk, turned_desk, shadow)


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
        alike = {turned_desk: 0.75, shadow: 0.7}.get(
            form, 0.93
        )  # turned, or with a rest of the shadow's edge
        assert np.corrcoef(expected, picture.ravel())[0, 1] > alike


def test_digits_side_by_side_are_read_from_left_to_right(tmp_path):
    inks = [digit(label, np.random.default_rng(label)) for label in (7, 2, 9)]
    path = saved(plain(np.concatenate(inks, axis=1)), tmp_path / "729.png", 0)
    read, pictures, _ = read_digits([path], CONTRACT)
    assert read == [(path, 3)]
    for ink, picture in zip(inks, pictures, strict=True):
        assert np.corrcoef(normalise(ink, CONTRACT).ravel(), picture.ravel())[0, 1] > 0.93


def test_rows_of_digits_are_refused(tmp_path):
    column = np.concatenate([digit(label, np.random.default_rng(label)) for label in (7, 2)])
    _, _, (error,) = read_digits([saved(plain(column), tmp_path / "rows.png", 0)], CONTRACT)
    assert isinstance(error, PictureError)
    assert "found 2 rows: cut the rows apart" in str(error)


def test_one_digit_is_never_taken_for_two(pen_digits):
    for grey in pen_digits.test.images[:500, ..., 0]:
        assert len(side_by_side(grey)) == 1
        np.testing.assert_array_equal(without_ruling(grey), grey)


def test_a_digit_that_fills_the_picture_is_no_line():
    ink = np.zeros((100, 60), np.uint8)
    ink[:, 28:32] = 255  # a 1, cut to its edges
    np.testing.assert_array_equal(without_ruling(ink), ink)


def test_a_strip_that_is_all_rim_does_no_harm():
    grey = np.full((40, 1000), 60.0)
    grey[5:35, 300:600] = 240
    np.testing.assert_array_equal(on_sheet(grey), grey)
