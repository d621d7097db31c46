"""Pen digits: settled by the seed, balanced, and each style a whole digit."""

import numpy as np
import pytest

from train.contract import InputContract
from train.data import pen
from train.data.pen_styles import STYLES
from train.drawing.canvas import render

CONTRACT = InputContract()
EVERY_STYLE = [(digit, style) for digit in range(10) for style in pen.styles(digit)]


@pytest.fixture(scope="module")
def digits():
    return pen.dataset(600, 7, CONTRACT)


def same(one, other):
    return len(one) == len(other) and all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_same_seed_same_data():
    for one, other in zip(pen.dataset(40, 3, CONTRACT), pen.dataset(40, 3, CONTRACT), strict=True):
        np.testing.assert_array_equal(one, other)


def test_other_seed_other_data():
    one, other = pen.dataset(40, 3, CONTRACT), pen.dataset(40, 4, CONTRACT)
    assert not np.array_equal(one[0], other[0])
    assert not np.array_equal(one[1], other[1])


def test_nothing_depends_on_the_global_generator():
    np.random.seed(1)
    one = pen.dataset(10, 3, CONTRACT)[0]
    np.random.seed(2)
    np.testing.assert_array_equal(one, pen.dataset(10, 3, CONTRACT)[0])


def test_shapes_and_types(digits):
    images, labels = digits
    assert (images.shape, images.dtype) == ((600, 28, 28), np.uint8)
    assert (labels.shape, labels.dtype) == ((600,), np.uint8)


def test_all_digits_equally_often(digits):
    assert np.bincount(digits[1]).tolist() == [60] * 10
    counts = np.bincount(pen.dataset(13, 0, CONTRACT)[1], minlength=10)
    assert counts.max() - counts.min() == 1


def test_shuffled(digits):
    runs = np.count_nonzero(np.diff(digits[1].astype(int)) == 0)
    assert 20 < runs < 120  # one neighbour in ten is alike
    assert not np.array_equal(digits[1][:10], digits[1][10:20])


def test_no_two_images_are_the_same(digits):
    assert len(np.unique(digits[0].reshape(600, -1), axis=0)) == 600


def test_line_widths_span_those_of_mnist(digits):
    """Ink of each image over half the length of its outline; MNIST's middle 96% lies between 1.6 and 4.4."""
    images = np.pad(digits[0] / 255.0, ((0, 0), (1, 1), (1, 1)))
    outline = sum(np.abs(np.diff(images, axis=axis)).sum(axis=(1, 2)) for axis in (1, 2)) * np.pi / 4
    thin, middle, thick = np.percentile(2 * images.sum(axis=(1, 2)) / outline, [2, 50, 98])
    assert thin < 1.6
    assert 2.1 < middle < 3.1
    assert thick > 3.7


def test_empty_dataset():
    images, labels = pen.dataset(0, 1, CONTRACT)
    assert images.shape == (0, 28, 28)
    assert labels.shape == (0,)


def test_follows_the_contract():
    contract = InputContract(height=32, width=40, box=24, background=255, ink=0)
    images, _ = pen.dataset(10, 1, contract)
    assert images.shape == (10, 32, 40)
    assert (images[:, 0, 0] == 255).all()
    assert (images.min(axis=(1, 2)) < 100).all()


def test_every_digit_has_several_styles():
    assert sorted(STYLES) == list(range(10))
    assert min(len(styles) for styles in STYLES.values()) >= 5


@pytest.mark.parametrize(("digit", "style"), EVERY_STYLE)
def test_style_fills_its_box_and_leaves_ink(digit, style):
    for seed in range(5):
        strokes = pen.draw(digit, np.random.default_rng(seed), style)
        assert len(strokes) == STYLES[digit][style].count("|") + 1
        every = np.concatenate(strokes)
        assert every.dtype == np.float64
        assert every.shape[1] == 2
        assert np.isfinite(every).all()
        assert every.min(axis=0) == pytest.approx([0, 0])
        assert np.ptp(every, axis=0).max() == pytest.approx(1)
        assert np.ptp(every[:, 1]) > 0.4  # nobody's digit lies flat
        assert max(np.hypot(*np.diff(stroke, axis=0).T).max() for stroke in strokes) < 0.25  # no jumps
        picture = render([stroke * 60 + 10 for stroke in strokes], 80, 4.0)
        assert 0.02 < (picture > 127).mean() < 0.3


@pytest.mark.parametrize("digit", range(10))
def test_hand_varies_but_the_seed_settles_it(digit):
    first = pen.draw(digit, np.random.default_rng(1))
    assert same(first, pen.draw(digit, np.random.default_rng(1)))
    assert not same(first, pen.draw(digit, np.random.default_rng(2)))


@pytest.mark.parametrize("digit", range(10))
def test_all_styles_come_up(digit, monkeypatch):
    seen, write = [], pen.write

    def noted(style, rng):
        seen.append(style)
        return write(style, rng)

    monkeypatch.setattr(pen, "write", noted)
    rng = np.random.default_rng(0)
    for _ in range(300):
        pen.draw(digit, rng)
    assert set(seen) == set(STYLES[digit].values())


@pytest.mark.parametrize("digit", range(10))
def test_most_like_digits_of_its_own_kind(digit, digits):
    """The nearest other image mostly has the same label: no style is filed under a wrong digit."""
    images, labels = digits[0].reshape(600, -1) / 255.0, digits[1]
    right = 0
    for i in np.flatnonzero(labels == digit):
        distances = ((images - images[i]) ** 2).sum(axis=1)
        distances[i] = np.inf
        right += labels[distances.argmin()] == digit
    assert right > 60 / 2


@pytest.mark.parametrize(("digit", "style"), [(10, None), (-1, None), (3, "no such style")])
def test_what_is_no_digit_is_refused(digit, style):
    with pytest.raises(KeyError):
        pen.draw(digit, np.random.default_rng(0), style)
