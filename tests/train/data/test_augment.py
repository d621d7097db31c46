"""Distortion: settled by the seed, its own for each picture, and within its bounds."""

import numpy as np
import pytest

from train.contract import InputContract
from train.data import augment
from train.data.pen import dataset

pytestmark = pytest.mark.usefixtures("tensorflow")


@pytest.fixture(scope="module")
def digits():
    return dataset(64, 5, InputContract())[0][..., None].astype(np.float32)


def distorted(images, seed=(1, 2), **options):
    import tensorflow as tf

    return augment.distort(tf.constant(images), tf.constant(seed, tf.int64), **options).numpy()


def only(monkeypatch, **kept):
    """Leave but some of the distortions."""
    for name in ("SHIFT", "TURN", "SLANT", "SCALE"):
        monkeypatch.setattr(augment, name, kept.get(name, 0.0))


def centres(images):
    """Row and column of each picture's centre of mass, shape (n, 2)."""
    mass = images[..., 0] / images.sum(axis=(1, 2, 3))[:, None, None]
    places = np.arange(images.shape[1])
    return np.stack([mass.sum(axis=2) @ places, mass.sum(axis=1) @ places], axis=1)


def test_same_seed_same_pictures(digits):
    np.testing.assert_array_equal(distorted(digits), distorted(digits))


@pytest.mark.parametrize("seed", [(1, 3), (2, 2)])
def test_other_seed_other_pictures(digits, seed):
    differ = (distorted(digits) != distorted(digits, seed)).any(axis=(1, 2, 3))
    assert differ.all()


def test_each_picture_is_distorted_in_its_own_way(digits):
    copies = distorted(np.repeat(digits[:1], 64, axis=0))
    assert len(np.unique(copies.reshape(64, -1), axis=0)) == 64


def test_shape_type_and_range_stay(digits):
    found = distorted(digits)
    assert found.shape == digits.shape
    assert found.dtype == np.float32
    assert found.min() >= 0
    assert 200 < found.max() <= 255


def test_digits_stay_on_the_paper(digits):
    kept = distorted(digits).sum(axis=(1, 2, 3)) / digits.sum(axis=(1, 2, 3))
    smallest, largest = (1 + augment.SCALE) ** -2, (1 - augment.SCALE) ** -2
    assert kept.min() > smallest - 0.05
    assert kept.max() < largest + 0.05


def test_without_bounds_to_move_in_nothing_changes(digits, monkeypatch):
    only(monkeypatch)
    np.testing.assert_allclose(distorted(digits), digits, atol=1e-3)


def test_of_no_strength_nothing_changes(digits):
    np.testing.assert_allclose(distorted(digits, strength=0.0), digits, atol=1e-3)
    np.testing.assert_allclose(distorted(digits, strength=0.0, elastic=0.5), digits, atol=1e-3)


def test_of_half_the_strength_a_picture_is_shifted_half_as_far(monkeypatch):
    only(monkeypatch, SHIFT=2.0)
    square = np.zeros((32, 28, 28, 1), np.float32)
    square[:, 8:20, 8:20] = 255
    whole, half = (centres(distorted(square, strength=strength)) - 13.5 for strength in (1.0, 0.5))
    np.testing.assert_allclose(half, whole / 2, atol=0.01)


@pytest.mark.parametrize(
    ("epochs", "expected"), [(1, [1.0]), (2, [1.0, 0.25]), (6, [1.0, 1.0, 1.0, 1.0, 0.625, 0.25])]
)
def test_distortions_become_smaller_at_the_end_of_a_run(epochs, expected):
    found = [float(augment.strength_in(epoch, epochs)) for epoch in range(epochs)]
    assert found == pytest.approx(expected)


def test_shifts_go_all_ways_as_far_as_said_and_no_farther(digits, monkeypatch):
    only(monkeypatch, SHIFT=2.0)
    shift = centres(distorted(digits)) - centres(digits)
    assert np.abs(shift).max() <= 2.05
    assert (shift.min(axis=0) < -1.5).all()
    assert (shift.max(axis=0) > 1.5).all()
    assert np.abs(shift.mean(axis=0)).max() < 0.5
    assert abs(np.corrcoef(shift.T)[0, 1]) < 0.5  # rows and columns apart


def test_mean_shift_stays_small_with_everything_on(digits):
    shift = centres(distorted(digits)) - centres(digits)
    assert np.abs(shift.mean(axis=0)).max() < augment.SHIFT / 2
    assert np.abs(shift).max() < augment.SHIFT + 1.5  # turned about the middle, a little more


@pytest.mark.parametrize("name", ["TURN", "SLANT", "SCALE"])
def test_the_middle_stays_where_it_is_unless_shifted(monkeypatch, name):
    only(monkeypatch, **{name: getattr(augment, name)})
    square = np.zeros((32, 28, 28, 1), np.float32)
    square[:, 8:20, 8:20] = 255
    found = distorted(square)
    assert np.abs(centres(found) - 13.5).max() < 0.05
    assert np.abs(found - square).max(axis=(1, 2, 3)).min() > 0
    sides = np.sqrt(found.sum(axis=(1, 2, 3)) / 255) / 12
    if name == "SCALE":
        assert sides.min() < 0.97
        assert sides.max() > 1.03
    else:
        assert sides == pytest.approx(np.ones(32), abs=0.01)  # areas are kept


def test_height_and_width_are_scaled_apart(monkeypatch):
    only(monkeypatch, SCALE=augment.SCALE)
    square = np.zeros((64, 28, 28, 1), np.float32)
    square[:, 8:20, 8:20] = 255
    found = distorted(square)[..., 0] / 255
    height, width = found[:, :, 14].sum(axis=1), found[:, 14].sum(axis=1)
    assert abs(np.corrcoef(height, width)[0, 1]) < 0.5


def test_pictures_that_are_not_square(monkeypatch):
    only(monkeypatch, TURN=augment.TURN)
    bar = np.zeros((8, 20, 40, 3), np.float32)
    bar[:, 6:14, 10:30] = 255
    found = distorted(bar)
    assert found.shape == bar.shape
    mass = found[..., 0] / found[..., 0].sum(axis=(1, 2), keepdims=True)
    assert mass.sum(axis=2) @ np.arange(20) == pytest.approx(np.full(8, 9.5), abs=0.05)
    assert mass.sum(axis=1) @ np.arange(40) == pytest.approx(np.full(8, 19.5), abs=0.05)


def bends(count, elastic, sides=(28, 28)):
    """How far each pixel's source is moved to the right, of pictures whose grey level says the column."""
    ramp = np.broadcast_to(np.arange(10, sides[1] + 10, dtype=np.float32)[:, None], (count, *sides, 1))
    # Beyond the edges lies paper: only inner pixels keep to the ramp.
    return (distorted(ramp, elastic=elastic) - ramp)[:, 4:-4, 4:-4, 0]


def test_an_elastic_distortion_comes_on_top_of_the_affine_one(digits):
    np.testing.assert_allclose(distorted(digits, elastic=1e-9), distorted(digits), atol=1e-2)
    assert np.abs(distorted(digits, elastic=0.5) - distorted(digits)).max(axis=(1, 2, 3)).min() > 10


@pytest.mark.parametrize("sides", [(28, 28), (20, 40)])
def test_an_elastic_distortion_moves_as_far_as_said(monkeypatch, sides):
    only(monkeypatch)
    moved = bends(400, 0.5, sides)
    assert 0.3 < moved.std() < 0.5  # less than the grid's points, between which it lies
    assert abs(moved.mean()) < 0.05
    assert 1.9 < bends(400, 1.0, sides).std() / moved.std() < 2.1


def test_an_elastic_distortion_is_smooth_and_moves_parts_apart(monkeypatch):
    only(monkeypatch)
    moved = bends(400, 0.5)
    assert np.abs(np.diff(moved, axis=1)).max() < 0.8
    far = np.corrcoef(moved[:, 0, 0], moved[:, -1, -1])[0, 1]
    near = np.corrcoef(moved[:, 8, 8], moved[:, 9, 8])[0, 1]
    assert abs(far) < 0.2
    assert near > 0.9


def test_an_elastic_distortion_keeps_each_channel_to_itself(digits):
    two = np.concatenate([digits, np.zeros_like(digits)], axis=-1)
    found = distorted(two, elastic=0.5)
    np.testing.assert_allclose(found[..., :1], distorted(digits, elastic=0.5), atol=1e-3)
    assert not found[..., 1].any()
