"""The scale of pixels: found by their range, or refused with a remedy that works."""

import numpy as np
import pytest

from train.data.pixels import Range, Scale, measure, scale_of
from train.errors import DataError


def scale(*arrays):
    names = ("x_train", "x_test")
    return scale_of({name: measure([np.asarray(array)]) for name, array in zip(names, arrays, strict=False)})


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        (np.array([0, 7, 255], np.uint8), Scale.BYTES),
        (np.array([0, 255], np.int64), Scale.BYTES),
        (np.array([0, 16], np.uint8), Scale.BYTES),  # scikit-learn's digits
        (np.array([0, 16], np.float64), Scale.BYTES),
        (np.array([0, 3.7, 255], np.float32), Scale.BYTES),
        (np.array([0, 0], np.float32), Scale.BYTES),
        (np.array([0, 0], np.uint8), Scale.BYTES),
        (np.array([0, 0.5, 1], np.float32), Scale.UNIT),
        (np.array([0.2, 0.7], np.float32), Scale.UNIT),
        (np.array([False, True], np.bool_), Scale.UNIT),
        (np.array([0, 1], np.uint8), Scale.UNIT),  # black and white
        (np.array([-1, 0, 1], np.float32), Scale.SIGNED),
        (np.array([-1, 1], np.int8), Scale.SIGNED),
    ],
)
def test_range_tells(pixels, expected):
    assert scale(pixels) is expected


@pytest.mark.parametrize(
    ("pixels", "remedy"),
    [
        (np.array([-1.8, 2.6], np.float32), "before any normalisation"),  # standardized
        (np.array([-0.5, 0.5], np.float32), "before any normalisation"),  # x / 255 - 0.5
        (np.array([-0.13, 0.87], np.float32), "before any normalisation"),  # a mean subtracted
        (np.array([0, 3.2], np.float32), "before any normalisation"),
        (np.array([-123.7, 151.1], np.float32), "before any normalisation"),  # caffe's
        (np.array([0, 1 / 255], np.float32), "divided by 255 twice"),
        (np.array([-128, 127], np.int8), "+ 128"),
        (np.array([0, 65535], np.uint16), "// 257"),
        (np.array([-3.5, 258], np.float32), "np.clip"),
    ],
)
def test_what_cannot_be_told(pixels, remedy):
    with pytest.raises(DataError, match="found ") as caught:
        scale(pixels)
    assert str(caught.value).startswith("expected ")
    assert remedy in str(caught.value)


@pytest.mark.parametrize(
    ("train", "test"), [([0.0, 1.0], [0.0, 255.0]), ([0.0, 255.0], [0.1, 0.9]), ([-1.0, 1.0], [0.0, 1.0])]
)
def test_splits_of_two_scales(train, test):
    with pytest.raises(DataError, match="one split was scaled and the other not"):
        scale(train, test)


def test_a_black_split_has_any_scale():
    assert scale([0.0, 0.0], [0.0, 255.0]) is Scale.BYTES
    assert scale([0.0, 1.0], [0.0, 0.0]) is Scale.UNIT


def test_a_small_split_follows_the_other():
    assert scale([-1.0, 1.0], [-0.3, 0.5]) is Scale.SIGNED
    assert scale([0.0, 1.0], [0.0, 0.1]) is Scale.UNIT


def test_rounding_goes_to_the_nearest_level():
    np.testing.assert_array_equal(Scale.BYTES.as_bytes(np.array([-0.4, 2.6, 255.4], np.float32)), [0, 3, 255])
    np.testing.assert_array_equal(Scale.UNIT.as_bytes(np.array([0, 0.5, 1.0005], np.float32)), [0, 128, 255])


def test_range_is_that_of_all_pieces():
    pieces = [np.array([0, 2], np.float32), np.array([-1, 0.5], np.float32)]
    assert measure(pieces) == Range(-1, 2, whole=False)
    assert measure(pieces[:1]).whole
    assert str(measure([*pieces, np.array([np.nan], np.float32)])) == "NaN or infinity"
