"""Drawings that are no digits: settled by the seed, varied, as a pen writes."""

import numpy as np
import pytest

from train.contract import InputContract
from train.data import non_digits, pen
from train.data.sign_styles import SIGNS

CONTRACT = InputContract()
EVERY_SIGN = [(name, style) for name, styles in SIGNS.items() for style in styles]


@pytest.fixture(scope="module")
def drawings():
    return non_digits.dataset(300, 7, CONTRACT)


def test_same_seed_same_drawings(drawings):
    np.testing.assert_array_equal(non_digits.dataset(300, 7, CONTRACT), drawings)
    assert not np.array_equal(non_digits.dataset(300, 8, CONTRACT), drawings)


def test_shape_and_type(drawings):
    assert (drawings.shape, drawings.dtype) == ((300, 28, 28), np.uint8)
    assert non_digits.dataset(0, 7, CONTRACT).shape == (0, 28, 28)


def test_each_is_another_and_shows_ink(drawings):
    assert len(np.unique(drawings, axis=0)) == len(drawings)
    assert (drawings.max(axis=(1, 2)) > 128).all()


def test_they_lie_in_the_box_that_digits_lie_in(drawings):
    digits, _ = pen.dataset(300, 7, CONTRACT)
    border = np.ones((28, 28), bool)
    border[3:-3, 3:-3] = False
    assert drawings[:, border].mean() <= 3 * digits[:, border].mean() + 1


@pytest.mark.parametrize(("name", "style"), EVERY_SIGN)
def test_each_sign_is_drawn_each_time_differently(name, style):
    rng = np.random.default_rng(1)
    one, other = (pen.picture(pen.fitted(pen.write(style, rng)), CONTRACT, rng) for _ in range(2))
    assert not np.array_equal(one, other)
    assert min(np.count_nonzero(one), np.count_nonzero(other)) > 15


def test_several_digits_are_wider_than_one():
    rng = np.random.default_rng(2)
    for _ in range(50):
        points = np.concatenate(non_digits._several(rng))
        width, _ = np.ptp(points, axis=0)
        assert width > 0.3
