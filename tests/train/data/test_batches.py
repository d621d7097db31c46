"""The input pipeline: each epoch another order and other distortions, all of it known by seed and epoch."""

import itertools

import numpy as np
import pytest

from train.data.batches import steps_per_epoch, training_batches
from train.data.dataset import Split, pen_dataset
from train.settings import Settings

pytestmark = pytest.mark.usefixtures("tensorflow")


@pytest.fixture(scope="module")
def few():
    return pen_dataset(train=300, test=60).train


def epochs(split, count, size=32, first_epoch=0, **options):
    """A number of epochs, each a list of batches."""
    settings = Settings(batch_size=size, **options)
    batches = training_batches(split, settings, first_epoch).as_numpy_iterator()
    return [list(itertools.islice(batches, steps_per_epoch(len(split), size))) for _ in range(count)]


def equal(one, other):
    return all(
        np.array_equal(a, b) for x, y in zip(one, other, strict=True) for a, b in zip(x, y, strict=True)
    )


def test_batches_are_float_images_and_class_numbers(few):
    images, labels = epochs(few, 1)[0][0]
    assert (images.shape, images.dtype) == ((32, 28, 28, 1), np.float32)
    assert 200 < images.max() <= 255
    assert (labels.shape, labels.dtype) == ((32,), np.uint8)


def test_an_epoch_holds_each_picture_once(few):
    """But for those of the last, smaller batch."""
    for epoch in epochs(few, 2, augment=False):
        assert len(epoch) == 275 // 32
        shown = [image.astype(np.uint8).tobytes() for images, _ in epoch for image in images]
        assert len(set(shown)) == len(shown) == 256
        assert set(shown) <= {image.tobytes() for image in few.images}


def test_labels_stay_with_their_pictures(few):
    labels = {image.tobytes(): label for image, label in zip(few.images, few.labels, strict=True)}
    for images, found in epochs(few, 1, augment=False)[0]:
        assert [labels[image.astype(np.uint8).tobytes()] for image in images] == list(found)


def test_epochs_differ_in_order(few):
    one, other = epochs(few, 2, augment=False)
    assert not np.array_equal(one[0][1], other[0][1])


def test_every_picture_is_distorted(few):
    originals = {image.tobytes() for image in few.images.astype(np.float32)}
    assert not any(image.tobytes() in originals for image in epochs(few, 1)[0][0][0])


def test_the_same_picture_is_distorted_anew_each_time():
    picture = pen_dataset(train=12, test=10).train.images[:1]
    copies = Split(np.repeat(picture, 64, axis=0), np.zeros(64, np.uint8))
    shown = [image.tobytes() for epoch in epochs(copies, 2) for images, _ in epoch for image in images]
    assert len(set(shown)) == len(shown) == 128


def test_pictures_of_the_last_epoch_are_distorted_less():
    picture = pen_dataset(train=12, test=10).train.images[:1]
    copies = Split(np.repeat(picture, 64, axis=0), np.zeros(64, np.uint8))
    first, last = (
        np.abs(epochs(copies, 1, size=64, first_epoch=epoch, epochs=4)[0][0][0] - picture).mean()
        for epoch in (0, 3)
    )
    assert last < first / 2


def test_an_epoch_is_the_same_whatever_came_before_it(few):
    assert equal(epochs(few, 3)[2], epochs(few, 1, first_epoch=2)[0])


def test_another_seed_gives_other_batches(few):
    one, other = (epochs(few, 1, seed=seed)[0] for seed in (0, 1))
    assert not equal(one, other)


def test_fewer_images_than_a_batch(few):
    ((images, labels),) = epochs(Split(few.images[:24], few.labels[:24]), 1, size=128)[0]
    assert len(images) == len(labels) == 24
