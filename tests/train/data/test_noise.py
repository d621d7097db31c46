"""Noise: always the same, of any shape, in disjoint splits, and varied."""

import numpy as np
import pytest

from train.data.dataset import find_dataset, locate_dataset
from train.data.label_kind import LabelKind
from train.data.noise import TEST, TRAIN, noise


@pytest.mark.parametrize(
    ("wanted", "shape"),
    [
        ((28, 28, 1), (28, 28, 1)),
        ((20, 31, 4), (20, 31, 4)),
        ((1, 5, None), (1, 5, 3)),
        ((32, None, None), (32, 256, 3)),
    ],
)
def test_wanted_shape(wanted, shape):
    found = locate_dataset("noise").read(wanted)
    assert found.test.images.shape == (TEST, *shape)
    assert found.train.images.shape == (TRAIN, *shape)
    assert found.test.images.dtype == np.uint8


def test_dataset():
    found, again = (locate_dataset("noise").read((28, 28, 1)) for _ in range(2))
    assert found.sha256 == again.sha256
    assert (found.name, found.labels_are, found.classes) == ("noise", LabelKind.NONE, 0)
    assert found.test.labels.shape == (TEST, 0)
    images = [
        image.tobytes() for part in (found.train, found.validation, found.test) for image in part.images
    ]
    assert len(set(images)) == len(images)
    assert found.calibration(30).shape == (300, 28, 28, 1)
    assert locate_dataset("noise").identity() == {"name": "noise"}


def test_it_says_what_it_proves(capsys):
    find_dataset("noise", (8, 8, 1))
    assert "not whether they are right" in capsys.readouterr().err


def test_pictures_vary():
    images = noise(100, (32, 32, 3), seed=0).astype(float)
    means = images.mean(axis=(1, 2, 3))
    roughness = np.abs(np.diff(images, axis=1)).mean(axis=(1, 2, 3))
    assert np.ptp(means) > 60
    assert roughness.max() > 5 * roughness.min()
    assert images.min() == 0
    assert images.max() == 255
