"""Datasets as courses and libraries save them, from the file to the splits; and their hash."""

import numpy as np
import pytest

from train.data.dataset import open_dataset
from train.data.label_kind import LabelKind
from train.errors import DataError

RNG = np.random.default_rng(0)
X = RNG.integers(0, 256, (60, 16, 16)).astype(np.uint8)
Y = (np.arange(60) % 4).astype(np.uint8)
TX, TY = X[40:], Y[40:]
NAMES = np.array(["a", "b", "c", "d"])


@pytest.fixture
def usual(tmp_path):
    return opened(tmp_path, x_train=X[:40], y_train=Y[:40], x_test=TX, y_test=TY)


def opened(tmp_path, *unnamed, wanted=None, classes=None, **named):
    np.savez(tmp_path / "some.npz", *unnamed, **named)
    return open_dataset(tmp_path / "some.npz", wanted, classes)


def keras(x=lambda x: x, y=lambda y: y):
    return {"x_train": x(X[:40]), "y_train": y(Y[:40]), "x_test": x(TX), "y_test": y(TY)}


@pytest.mark.parametrize(
    ("arrays", "notes"),
    [
        (keras(), 0),
        (keras(x=lambda x: x[..., None]), 0),
        (keras(y=lambda y: y[:, None]), 0),
        (keras(x=lambda x: x.astype(np.int64), y=lambda y: y.astype(np.int64)), 0),
        (keras(x=lambda x: x.astype(np.float32)), 0),
        (keras(x=lambda x: (x / 255).astype(np.float32)), 1),
        (keras(x=lambda x: (x - 127.5) / 127.5), 1),
        (keras(x=lambda x: x.reshape(-1, 256)), 1),
        (keras(x=lambda x: x[:, None]), 1),
        (keras(y=lambda y: np.eye(4)[y]), 1),
        (keras(y=lambda y: NAMES[y]), 1),
        (keras(x=lambda x: x.reshape(-1, 256) / 255, y=lambda y: np.eye(4)[y]), 3),
    ],
)
def test_one_dataset_in_many_forms(tmp_path, usual, arrays, notes):
    found = opened(tmp_path, **arrays)
    for half in ("train", "validation", "test"):
        split, expected = getattr(found, half), getattr(usual, half)
        np.testing.assert_array_equal(split.images, expected.images)
        np.testing.assert_array_equal(split.labels, expected.labels)
        assert split.images.dtype == split.labels.dtype == np.uint8
    assert len(found.notes) == notes
    assert found.classes == 4
    assert found.sha256 == usual.sha256


def test_unnamed_arrays(tmp_path, usual):
    found = opened(tmp_path, X[:40], Y[:40], TX, TY)
    assert (found.sha256, len(found.notes)) == (usual.sha256, 1)
    assert opened(tmp_path, X[:40], TX, Y[:40], TY).sha256 == usual.sha256


def test_names_of_classes(tmp_path):
    assert opened(tmp_path, **keras(y=lambda y: NAMES[y])).label_names == ("a", "b", "c", "d")
    found = opened(tmp_path, **keras(y=lambda y: y + 1), classes=4)
    assert found.label_names == ("1", "2", "3", "4")
    np.testing.assert_array_equal(found.test.labels, TY)


def test_hash_is_of_the_data_whatever_the_model(tmp_path):
    arrays = keras(x=lambda x: x[:, None], y=lambda y: y + 1)
    plain = opened(tmp_path, **arrays)
    fitted = opened(tmp_path, **arrays, wanted=(16, 16, 3), classes=4)
    assert fitted.sha256 == plain.sha256
    assert fitted.test.images.shape == (20, 16, 16, 3)
    assert fitted.test.labels.max() < plain.test.labels.max()


@pytest.mark.parametrize(
    ("labels", "kind", "classes"),
    [
        (lambda y: np.stack([y > 1, y > 2, y < 1], axis=1), LabelKind.SEVERAL, 3),
        (lambda y: y / 7, LabelKind.VALUES, 0),
    ],
)
def test_other_kinds_of_labels(tmp_path, labels, kind, classes):
    found = opened(tmp_path, **keras(y=labels))
    assert (found.labels_are, found.classes) == (kind, classes)
    assert len(found.train) + len(found.validation) == 40
    np.testing.assert_allclose(found.test.labels, labels(TY).reshape(20, -1), rtol=1e-6)
    with pytest.raises(DataError, match=r"expected labels with one class .* 'some.npz'"):
        found.demanding_classes()


@pytest.mark.parametrize("wanted", [None, (16, 16, 1), (16, 16, 3)])
def test_pictures_of_two_shapes(tmp_path, wanted):
    arrays = keras() | {"x_test": TX[:, :4]}
    with pytest.raises(DataError, match="one shape") as caught:
        opened(tmp_path, **arrays, wanted=wanted)
    assert "(4, 16" in str(caught.value)


def test_one_picture_to_train_on(tmp_path):
    with pytest.raises(DataError, match="at least 2 pictures"):
        opened(tmp_path, x_train=X[:1], y_train=Y[:1], x_test=TX, y_test=TY)
