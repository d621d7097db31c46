"""No digit is named where there is none, or more than one; real digits are."""

import numpy as np
import pytest

from train.contract import InputContract
from train.data.pen import draw
from train.drawing.canvas import render
from train.drawing.preprocess import normalise
from train.evaluation.calibration import CONFIDENT
from train.evaluation.refusal import FEWEST, SEVERAL, UNKNOWN, known_from, refusal

CONTRACT = InputContract()
CERTAIN, DOUBTFUL = 0.99, 0.8


def asked(ink: np.ndarray, probability: float, least: float | None = 0.6) -> str | None:
    return refusal(normalise(ink, CONTRACT)[..., None], probability, least, CONTRACT)


@pytest.mark.parametrize("line", [8.0, 12.0, 20.0, 26.0])
@pytest.mark.parametrize("place", [100.0, 100.3, 100.7])
def test_a_dot_is_no_digit(line, place):
    assert asked(render([np.array([[place, 90.0]])], 280, line), CERTAIN) == UNKNOWN


@pytest.mark.parametrize("sides", [(200, 150), (250, 270), (60, 200)])
def test_a_filled_pad_is_no_digit(sides):
    ink = np.zeros((280, 280), np.uint8)
    ink[5 : 5 + sides[0], 5 : 5 + sides[1]] = 255
    assert asked(ink, CERTAIN) == UNKNOWN


def test_what_is_wider_than_a_digit_is_several_unless_the_model_is_confident():
    wide = render([np.array([[20.0, 90], [70, 40], [120, 90], [170, 40], [220, 90], [260, 40]])], 280, 12.0)
    assert asked(wide, DOUBTFUL) == SEVERAL
    assert asked(wide, CERTAIN) is None


def test_below_the_least_probability_of_a_digit_none_is_named():
    three = render([stroke * 150 + 60 for stroke in draw(3, np.random.default_rng(0))], 280, 20.0)
    assert asked(three, 0.59) == UNKNOWN
    assert asked(three, 0.6) is None
    assert asked(three, 0.1, None) is None  # of a model that doesn't say what it knows


def test_a_dark_ink_on_light_paper_is_the_same():
    contract = InputContract(background=255, ink=0)
    dot = normalise(render([np.array([[100.0, 90.0]])], 280, 20.0), contract)[..., None]
    assert refusal(dot, CERTAIN, None, contract) == UNKNOWN


def test_a_bare_picture_is_left_to_the_model():
    assert refusal(np.zeros(CONTRACT.shape, np.uint8), CERTAIN, None, CONTRACT) is None


def test_few_held_out_digits_are_below_what_is_known():
    rng = np.random.default_rng(3)
    highest = np.concatenate([rng.uniform(0.2, 0.85, 20), rng.uniform(0.85, 1, 1980)])
    least = known_from(np.stack([highest, 1 - highest], axis=1)[rng.permutation(2000)])
    assert least is not None
    assert (np.maximum(highest, 1 - highest) < least).mean() <= 0.0015
    assert 0.5 <= least <= CONFIDENT


def test_a_model_without_doubt_knows_from_where_it_is_confident():
    assert known_from(np.tile([0.999, 0.001], (2000, 1))) == CONFIDENT


def test_of_few_images_nothing_follows():
    assert known_from(np.full((FEWEST - 1, 10), 0.1)) is None


def test_real_digits_are_no_blots_and_rarely_wide(pen_digits):
    images = pen_digits.test.images
    refused = [refusal(image, DOUBTFUL, 0.6, CONTRACT) for image in images]
    assert refused.count(UNKNOWN) <= 0.003 * len(images)
    assert refused.count(SEVERAL) <= 0.04 * len(images)
    certain = [refusal(image, CERTAIN, 0.6, CONTRACT) for image in images]
    assert len(images) - certain.count(None) <= 0.003 * len(images)
