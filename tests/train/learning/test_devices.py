"""Devices: batches of which each has a part."""

import pytest

from train.learning.devices import EVALUATION_BATCH, evaluation_batch, strategy


def test_one_device_needs_no_sharing():
    assert strategy(32, 1).num_replicas_in_sync == 1


@pytest.mark.parametrize("images", [1, 33, 500, 501])
def test_one_device_evaluates_in_batches_as_large_as_may_be(images):
    assert evaluation_batch(images, 1) == min(images, EVALUATION_BATCH)


@pytest.mark.parametrize("devices", [2, 3, 4, 8])
@pytest.mark.parametrize("images", [226, 333, 499, 500, 501, 5000, 5001])
def test_every_device_has_pictures_in_every_batch(images, devices):
    size = evaluation_batch(images, devices)
    assert size is not None
    assert 50 < size <= min(images, EVALUATION_BATCH)
    assert size % devices == 0
    batches = [min(size, images - start) for start in range(0, images, size)]
    for batch in batches:
        parts = [min(size // devices, batch - start) for start in range(0, size, size // devices)]
        assert min(parts) > 0


@pytest.mark.parametrize(("images", "devices"), [(1, 2), (5, 2), (7, 8)])
def test_few_pictures_cannot_be_shared(images, devices):
    assert evaluation_batch(images, devices) is None
