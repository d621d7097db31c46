"""Digits side by side are distinguished from one digit of several strokes."""

import numpy as np
import pytest

from tests.golden.side_by_side import GOLDEN, Golden, owners
from train.data.pen import draw
from train.drawing.canvas import render
from train.drawing.side_by_side import count_rows, side_by_side

# How many digits the golden drawings show, and in how many rows.
SHOWN = {
    "72": (2, 1),
    "72, leaning over each other": (2, 1),
    "72 and stray dots": (2, 1),
    "11": (2, 1),
    "507, of three sizes": (3, 1),
    "two rows": (1, 2),
    "touching": (1, 1),
    "5 with a loose hat": (1, 1),
    "5 with a loose hat beside a 1": (2, 1),
    "4 of two strokes that nearly touch": (1, 1),
    "0 with two gaps": (1, 1),
    "7 in two halves beside a 2": (2, 1),
    "0, slashed": (1, 1),
    "a digit and a stray dot": (1, 1),
    "as MNIST has it": (2, 1),
    "wide picture": (2, 1),
    "empty": (0, 1),
    "172, the 1 half as high as the rest": (3, 1),
    "4 and its loose stroke, half as high": (1, 1),
}


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.name)
def test_golden_drawing(golden: Golden) -> None:
    digits, rows = side_by_side(golden.ink), count_rows(golden.ink)
    np.testing.assert_array_equal(owners(digits), golden.owners)
    np.testing.assert_array_equal(
        np.sum(digits, axis=0), golden.ink
    )  # nothing is lost, nothing is twice there
    assert rows == golden.written_rows
    if golden.name in SHOWN:
        assert (golden.owners.max(), rows) == SHOWN[golden.name]


def test_digits_of_any_size_and_lean_are_told_apart() -> None:
    """Of people's digits 98 to 100% are, thin or thick, upright or leaning."""
    rng, right = np.random.default_rng(8), 0
    for _ in range(200):
        first, second = (_leaning(int(rng.integers(10)), rng) for _ in range(2))
        row = np.zeros((160, 400), np.uint8)
        row[:, :160] = first
        shift = _shift_beside(first, second, gap=rng.uniform(0.05, 0.4) * 90)
        beside = np.zeros_like(row)
        beside[:, shift : shift + 160] = second
        right += len(side_by_side(np.maximum(row, beside))) == 2
    assert right >= 196


def test_one_digit_is_never_taken_for_two() -> None:
    rng = np.random.default_rng(2)
    for _ in range(500):
        strokes = [stroke * 90 + 20 for stroke in draw(int(rng.integers(10)), rng)]
        ink = render(strokes, 150, rng.uniform(3, 12))
        assert (len(side_by_side(ink)), count_rows(ink)) == (1, 1)


@pytest.mark.mnist
def test_mnist_digits_are_single(mnist_npz) -> None:
    with np.load(mnist_npz) as arrays:
        images = arrays["x_test"]
    assert sum(len(side_by_side(image)) > 1 for image in images) <= 3  # broken ones
    assert sum(count_rows(image) > 1 for image in images) <= 3


def _leaning(digit: int, rng: np.random.Generator) -> np.ndarray:
    """A digit of 60 to 90 pixels in a square of 160, leaning by 0.3."""
    scale = rng.uniform(60, 90)
    strokes = [stroke * scale + (20, rng.uniform(30, 40)) for stroke in draw(digit, rng)]
    return render([np.stack([x + 0.3 * (110 - y), y], axis=1) for x, y in (s.T for s in strokes)], 160, 7.0)


def _shift_beside(first: np.ndarray, second: np.ndarray, gap: float) -> int:
    """How far the second goes to the right to leave a gap in the row in which they are closest."""
    rows = first.any(axis=1) & second.any(axis=1)
    right = first.shape[1] - 1 - (first[rows] > 0)[:, ::-1].argmax(axis=1)
    return int(np.ceil((right - (second[rows] > 0).argmax(axis=1)).max() + 1 + gap))
