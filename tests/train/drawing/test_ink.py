"""Ink of a picture: which side is paper, how faint it may be, and paper that bears none."""

import numpy as np
import pytest

from tests.train.drawing.picture_forms import blend, digit
from train.drawing.ink import ink_of


def test_polarity_is_the_borders_choice():
    ink = digit(8, np.random.default_rng(0))
    dark, light = ink_of(255.0 - ink), ink_of(ink.astype(float))
    np.testing.assert_array_equal(dark, light)
    assert np.corrcoef(dark.ravel(), ink.ravel())[0, 1] > 0.99


def test_more_ink_than_paper_within_the_border():
    grey = np.full((60, 60), 250.0)
    grey[6:54, 6:54] = 20
    ink = ink_of(grey)
    assert ink[10:50, 10:50].min() == 255
    assert ink[0].max() == 0


@pytest.mark.parametrize("contrast", [40, 100, 250])
def test_faint_ink_becomes_full_ink(contrast):
    ink = digit(5, np.random.default_rng(1))
    found = ink_of(blend(ink, 250.0, 250.0 - contrast))
    assert np.corrcoef(found.ravel(), ink.ravel())[0, 1] > 0.97
    assert found.max() == 255


@pytest.mark.parametrize("noise", [0, 2, 8, 20])
def test_bare_paper_has_no_ink(noise):
    y, x = np.mgrid[0:1:200j, 0:1:200j]
    grey = 120 + 90 * x + 30 * y**2 + np.random.default_rng(0).normal(0, noise, (200, 200))
    assert not ink_of(grey).any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 30), (2, 2), (3, 40)])
def test_tiny_pictures_do_no_harm(shape):
    assert ink_of(np.zeros(shape)).shape == shape
    assert ink_of(np.random.default_rng(0).uniform(0, 255, shape)).shape == shape
