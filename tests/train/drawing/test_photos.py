"""Photos of paper: sheets on desks, lines, frames, shadows, fingers, digits side by side."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.golden.photos import GOLDEN
from tests.train.drawing.picture_forms import CONTRACT, blend, digit
from train.drawing.ink import ink_of
from train.drawing.photo import NoDigitsError, digits_in
from train.drawing.preprocess import normalise
from train.drawing.ruling import reaching_in, ruling
from train.drawing.sheet import on_sheet
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


def crossed_margin(ink: Ink) -> Ink:
    """Through the digit, and a little aslant."""
    grey = plain(ink)
    y, x = np.mgrid[: ink.shape[0], : ink.shape[1]]
    grey[np.abs(x - 170 - 0.05 * y) < 2] = 130
    return grey


def darker_lines(ink: Ink) -> Ink:
    """Pencil on paper whose lines are darker than it."""
    grey = np.asarray(blend(ink, 235.0, 160.0))
    grey[15::40] = grey[16::40] = 110
    return grey


def framed(ink: Ink) -> Ink:
    grey = plain(ink)
    grey[8:14] = grey[-14:-8] = grey[:, 8:14] = grey[:, -14:-8] = 30
    return grey


def boxed(ink: Ink) -> Ink:
    """In the box of a form."""
    grey = plain(ink)
    grey[30:35, 30:330] = grey[360:365, 30:330] = grey[30:365, 30:35] = grey[30:365, 325:330] = 30
    return grey


def desk(ink: Ink) -> Ink:
    grey = np.full((520, 480), 90.0)
    grey[60:460, 60:420] = plain(ink)
    return grey


def light_desk(ink: Ink) -> Ink:
    grey = desk(ink)
    grey[grey == 90] = 165
    return grey


def turned_desk(ink: Ink) -> Ink:
    return np.asarray(Image.fromarray(desk(ink)).rotate(12, Image.Resampling.BILINEAR, fillcolor=90), float)


def shadow(ink: Ink) -> Ink:
    y, x = np.mgrid[: ink.shape[0], : ink.shape[1]]
    return plain(ink) * np.where(x + 0.4 * y < 230, 0.55, 1.0)


def narrow_shadow(ink: Ink) -> Ink:
    """Of a finger, which lies on the digit, with the shadow of the hand."""
    y, x = np.mgrid[: ink.shape[0], : ink.shape[1]]
    hand = (y > 330) | ((np.abs(x - 180) < 14) & (y > 150))
    return plain(ink) * np.where(hand, 0.7, 1.0)


def finger(ink: Ink) -> Ink:
    y, x = np.mgrid[: ink.shape[0], : ink.shape[1]]
    return np.where(((x - 355) / 60) ** 2 + ((y - 200) / 35) ** 2 < 1, 150.0, plain(ink))


FORMS = (
    plain,
    margin,
    crossed_margin,
    darker_lines,
    framed,
    boxed,
    desk,
    light_desk,
    turned_desk,
    shadow,
    narrow_shadow,
    finger,
)


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
