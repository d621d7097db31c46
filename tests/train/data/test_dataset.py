"""Finding a dataset: the order of the search, no false MNIST, and splits that never touch."""

import hashlib

import numpy as np
import pytest

from train.data import mnist
from train.data.dataset import content_sha256, find_dataset, open_dataset, pen_dataset
from train.data.splits import ARRAYS
from train.errors import DataError


@pytest.fixture(autouse=True)
def keras_home(tmp_path, monkeypatch):
    """No dataset lies in this machine's way."""
    monkeypatch.delenv("MNIST_NPZ", raising=False)
    home = tmp_path / "keras"
    (home / "datasets").mkdir(parents=True)
    monkeypatch.setenv("KERAS_HOME", str(home))
    return home


@pytest.fixture
def few_pen_digits(monkeypatch):
    """As many as `pen` gives take seconds."""
    monkeypatch.setattr(pen_dataset, "__defaults__", (120, 40))


def arrays(seed=0, train=240, test=60):
    """A dataset in which no two pictures are alike."""
    rng = np.random.default_rng(seed)
    return {
        "x_train": rng.integers(0, 256, (train, 6, 5, 1)).astype(np.uint8),
        "y_train": (np.arange(train) * 7 % 4).astype(np.uint8),
        "x_test": rng.integers(0, 256, (test, 6, 5, 1)).astype(np.uint8),
        "y_test": (np.arange(test) % 4).astype(np.uint8),
    }


@pytest.fixture
def npz(tmp_path):
    path = tmp_path / "shapes.npz"
    np.savez(path, **arrays())
    return path


def rows(split):
    return [image.tobytes() + bytes([label]) for image, label in zip(split.images, split.labels, strict=True)]


def test_splits_are_disjoint_and_complete(npz):
    found, given = open_dataset(npz), arrays()
    fitted, held_out, test = rows(found.train), rows(found.validation), rows(found.test)
    assert (len(fitted), len(held_out), len(test)) == (220, 20, 60)
    assert not set(fitted) & set(held_out)
    pairs = zip(given["x_train"], given["y_train"], strict=True)
    assert sorted(fitted + held_out) == sorted(x.tobytes() + bytes([y]) for x, y in pairs)
    np.testing.assert_array_equal(found.test.images, given["x_test"])
    np.testing.assert_array_equal(found.test.labels, given["y_test"])


def test_splits_are_the_same_each_time(npz):
    np.random.seed(1)
    one = open_dataset(npz)
    np.random.seed(2)
    other = open_dataset(npz)
    assert rows(one.train) == rows(other.train)
    assert rows(one.validation) == rows(other.validation)


@pytest.mark.parametrize(("fraction", "held_out"), [(1 / 12, 20), (0.25, 60), (0.001, 1), (0.999, 239)])
def test_another_fraction_can_be_held_out(npz, fraction, held_out):
    found = open_dataset(npz)
    other = found.holding_out(fraction)
    assert (len(other.train), len(other.validation)) == (240 - held_out, held_out)
    assert sorted(rows(other.train) + rows(other.validation)) == sorted(
        rows(found.train) + rows(found.validation)
    )
    shorter, longer = sorted((rows(found.validation), rows(other.validation)), key=len)
    assert longer[: len(shorter)] == shorter
    assert (other.test, other.sha256, other.name) == (found.test, found.sha256, found.name)


def test_validation_is_drawn_from_everywhere(npz):
    given = [image.tobytes() for image in arrays()["x_train"]]
    places = [given.index(image.tobytes()) for image in open_dataset(npz).validation.images]
    assert min(places) < 60
    assert max(places) > 180


def test_calibration_is_balanced_and_out_of_train(npz):
    found = open_dataset(npz)
    label_of = dict(zip((x.tobytes() for x in found.train.images), found.train.labels, strict=True))
    chosen = found.calibration(per_class=5)
    labels = [int(label_of[image.tobytes()]) for image in chosen]  # a KeyError, were one not from train
    assert chosen.shape == (20, 6, 5, 1)
    assert chosen.dtype == np.uint8
    assert len({image.tobytes() for image in chosen}) == 20
    assert labels == [0, 1, 2, 3] * 5  # in turn


def test_calibration_of_a_rare_class_takes_what_there_is(npz):
    given = arrays()
    given["y_train"] = np.where(np.arange(240) < 36, 1, 0).astype(np.uint8)
    np.savez(npz, **given)
    found = open_dataset(npz)
    rare = int((found.train.labels == 1).sum())
    assert 0 < rare < 50
    assert len(found.calibration(per_class=50)) == 50 + rare


def test_classes_count_every_split(npz):
    assert open_dataset(npz).classes == 4
    given = arrays()
    given["y_test"][0] = 6
    np.savez(npz, **given)
    assert open_dataset(npz).classes == 7


def test_digest_is_of_the_contents_not_of_the_zip(npz, tmp_path):
    packed = tmp_path / "packed.npz"
    wide = {name: array.astype(np.int64) for name, array in reversed(arrays().items())}
    np.savez_compressed(packed, **wide, more=np.zeros(3))
    assert packed.read_bytes() != npz.read_bytes()
    assert open_dataset(packed).sha256 == open_dataset(npz).sha256
    expected = hashlib.sha256(b"".join(arrays()[name].tobytes() for name in ARRAYS)).hexdigest()
    assert open_dataset(npz).sha256 == content_sha256(arrays()) == expected


@pytest.mark.parametrize("name", ARRAYS)
def test_digest_tells_every_array_apart(name):
    changed = arrays()
    changed[name].flat[-1] ^= 1
    assert content_sha256(changed) != content_sha256(arrays())


def test_choice_comes_first(npz, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MNIST_NPZ", str(tmp_path / "none.npz"))
    assert find_dataset(str(npz)).sha256 == content_sha256(arrays())
    assert capsys.readouterr().err == ""


def test_environment_comes_before_the_keras_cache(npz, keras_home, monkeypatch):
    np.savez(keras_home / "datasets" / "mnist.npz", **arrays(seed=1))
    monkeypatch.setenv("MNIST_NPZ", str(npz))
    assert find_dataset().sha256 == content_sha256(arrays())


def test_keras_cache_comes_before_the_download(keras_home, no_network):
    np.savez(keras_home / "datasets" / "mnist.npz", **arrays(seed=1))
    assert find_dataset().sha256 == content_sha256(arrays(seed=1))


def test_other_data_in_the_environment_is_named_by_its_file(npz, monkeypatch, capsys):
    monkeypatch.setenv("MNIST_NPZ", str(npz))
    assert "shapes" in find_dataset().name
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert f"expected MNIST at {npz}" in err
    assert "shapes" in err


def test_mnist_takes_no_other_data(npz, monkeypatch):
    monkeypatch.setenv("MNIST_NPZ", str(npz))
    with pytest.raises(DataError, match="expected MNIST"):
        find_dataset("mnist")


@pytest.mark.parametrize("choice", [None, "mnist"])
def test_missing_file_in_the_environment_is_no_reason_to_fall_back(choice, tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_NPZ", str(tmp_path / "none.npz"))
    with pytest.raises(DataError, match="no file"):
        find_dataset(choice)


def test_pen(few_pen_digits, no_network, capsys):
    found = find_dataset("pen")
    assert (found.name, found.classes) == ("pen", 10)
    assert [len(split) for split in (found.train, found.validation, found.test)] == [110, 10, 40]
    assert found.train.images.shape == (110, 28, 28, 1)
    assert found.sha256 == pen_dataset(120, 40).sha256
    assert not set(rows(found.test)) & set(rows(found.train))
    assert capsys.readouterr().err == ""


@pytest.mark.mnist
@pytest.mark.parametrize("choice", [None, "mnist"])
def test_real_mnist_is_recognised(mnist_npz, monkeypatch, capsys, choice):
    monkeypatch.setenv("MNIST_NPZ", str(mnist_npz))
    found = find_dataset(choice)
    assert (found.name, found.sha256, found.classes) == ("mnist", mnist.CONTENT_SHA256, 10)
    assert [len(s) for s in (found.train, found.validation, found.test)] == [55_000, 5_000, 10_000]
    assert found.train.images.shape[1:] == (28, 28, 1)
    assert capsys.readouterr().err == ""


@pytest.mark.mnist
def test_real_mnist_under_another_name_but_for_one_pixel(mnist_npz, tmp_path):
    with np.load(mnist_npz) as found:
        given = dict(found)
    np.savez(tmp_path / "copy.npz", **given)
    assert open_dataset(tmp_path / "copy.npz").name == "mnist"
    given["x_test"][-1, 0, 0] ^= 1
    np.savez(tmp_path / "copy.npz", **given)
    assert open_dataset(tmp_path / "copy.npz").name != "mnist"


@pytest.mark.parametrize("name", ["mnist", "pen"])
def test_other_data_in_a_file_of_that_name_is_neither_mnist_nor_pen(name, tmp_path, monkeypatch):
    np.savez(tmp_path / f"{name}.npz", **arrays())
    monkeypatch.setenv("MNIST_NPZ", str(tmp_path / f"{name}.npz"))
    assert find_dataset().name == f"{name}.npz"
    with pytest.raises(DataError, match="expected MNIST"):
        find_dataset("mnist")


def test_other_data_in_the_keras_cache_is_named_by_its_place(keras_home, capsys):
    np.savez(keras_home / "datasets" / "mnist.npz", **arrays())
    find_dataset()
    assert str(keras_home) in capsys.readouterr().err
