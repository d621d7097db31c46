"""Reading an .npz in the forms that people have: types, scales, and splits."""

import numpy as np
import pytest

from tests.train.data.npz_files import GOOD, GREY, LABELS, refusal, saved
from train.data import npy_member, npz
from train.data.dataset import open_dataset
from train.data.npz import read_arrays, read_npz
from train.data.splits import ARRAYS
from train.errors import DataError


def test_good_file(tmp_path):
    read = read_npz(saved(tmp_path / "good.npz"))
    found = read.arrays
    assert read.notes == ()
    assert list(found) == list(ARRAYS)
    assert {name: (array.shape, array.dtype) for name, array in found.items()} == {
        "x_train": ((12, 6, 5), np.dtype("uint8")),
        "y_train": ((12,), np.dtype("uint8")),
        "x_test": ((6, 6, 5), np.dtype("uint8")),
        "y_test": ((6,), np.dtype("uint8")),
    }
    np.testing.assert_array_equal(found["x_train"], GREY)
    np.testing.assert_array_equal(found["y_test"], LABELS[:6])


def test_channels_are_kept(tmp_path):
    colour = np.stack([GREY, GREY, 255 - GREY], axis=-1)
    found = read_npz(saved(tmp_path / "colour.npz", x_train=colour, x_test=colour[:6])).arrays
    np.testing.assert_array_equal(found["x_train"], colour)


@pytest.mark.parametrize("dtype", ["int16", ">i4", "int64", "uint16", "uint64"])
def test_any_integers_will_do(tmp_path, dtype):
    other = {name: array.astype(dtype) for name, array in GOOD.items()}
    found = read_npz(saved(tmp_path / "other.npz", **other)).arrays
    assert {found[name].dtype for name in ("x_train", "x_test")} == {np.dtype(np.uint8)}
    np.testing.assert_array_equal(found["x_train"], GREY)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize(
    ("scaled", "note"),
    [
        (lambda levels: levels, ""),
        (lambda levels: levels / 255, "pixels 0..1 are taken"),
        (lambda levels: levels / 127.5 - 1, "pixels -1..1 are taken"),
    ],
)
def test_every_level_survives_its_scale(tmp_path, dtype, scaled, note):
    """In any precision, in the order of Fortran, too."""
    levels = np.arange(2 * 16 * 16, dtype=np.uint8).reshape(2, 16, 16)
    x = np.asfortranarray(scaled(levels.astype(np.float64)).astype(dtype))
    y = np.arange(2)
    np.savez(tmp_path / "scaled.npz", x_train=x, y_train=y, x_test=x, y_test=y)
    found = read_npz(tmp_path / "scaled.npz")
    np.testing.assert_array_equal(found.arrays["x_train"], levels)
    assert note in " ".join(found.notes)
    assert len(found.notes) == bool(note)


def test_wide_numbers_count_as_the_bytes_that_they_become(tmp_path, monkeypatch):
    monkeypatch.setattr(npz, "MOST_BYTES", GREY.nbytes + GREY[:6].nbytes + LABELS.nbytes + LABELS[:6].nbytes)
    wide = {name: GOOD[name].astype(np.float64) for name in ("x_train", "x_test")}
    np.testing.assert_array_equal(read_npz(saved(tmp_path / "wide.npz", **wide)).arrays["x_train"], GREY)
    assert "bytes" in refusal(saved(tmp_path / "labels.npz", y_train=LABELS.astype(np.int64)))


def test_arrays_of_many_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(npy_member, "PIECE", 100)
    wide = {name: GOOD[name].astype(">f8") for name in ("x_train", "x_test")}
    np.testing.assert_array_equal(read_npz(saved(tmp_path / "wide.npz", **wide)).arrays["x_train"], GREY)


def test_one_split(tmp_path):
    np.savez(tmp_path / "one.npz", x=GREY, y=np.arange(12))
    found = read_npz(tmp_path / "one.npz")
    numbers = [*found.arrays["y_train"], *found.arrays["y_test"]]
    assert sorted(numbers) == list(range(12))  # each picture once
    assert len(found.arrays["y_test"]) == 2
    for half in ("train", "test"):
        np.testing.assert_array_equal(GREY[found.arrays[f"y_{half}"]], found.arrays[f"x_{half}"])
    assert "20% of it" in found.notes[0]


def test_test_split_alone(tmp_path):
    np.savez(tmp_path / "test.npz", x_test=GREY, y_test=np.arange(12))
    assert len(read_npz(tmp_path / "test.npz").arrays["y_test"]) == 10


@pytest.mark.parametrize("count", [1, 2])
def test_too_few_to_split(tmp_path, count):
    np.savez(tmp_path / "few.npz", x=GREY[:count], y=LABELS[:count])
    assert f"found {count}" in refusal(tmp_path / "few.npz")


def test_four_files_of_one_array(tmp_path):
    """As Kuzushiji-MNIST is published."""
    names = dict(zip(ARRAYS, ("train-imgs", "train-labels", "test-imgs", "test-labels"), strict=True))
    for array, name in names.items():
        np.savez(tmp_path / f"kmnist-{name}.npz", GOOD[array])
    path = tmp_path / "kmnist-train-imgs.npz"
    found = read_npz(path)
    for name in ARRAYS:
        np.testing.assert_array_equal(found.arrays[name], GOOD[name])
    assert len(npz.files_of(path)) == 4
    missing = tmp_path / "kmnist-test-labels.npz"
    missing.unlink()
    with pytest.raises(DataError, match=f"at {missing}, found no file"):
        read_npz(path)
    assert npz.files_of(path) == [path]


@pytest.mark.parametrize("name", ["class_names", "label_names", "target_names"])
@pytest.mark.parametrize("texts", [["cat", "dog", "owl"], [b"cat", b"dog", b"owl"]])
def test_names_of_classes_are_used(tmp_path, name, texts):
    path = saved(tmp_path / "animals.npz", **{name: np.array(texts)})
    dataset = open_dataset(path)
    assert (dataset.label_names, dataset.notes) == (("cat", "dog", "owl"), ())
    from_1 = {half: GOOD[half] + 1 for half in ("y_train", "y_test")}
    path = saved(tmp_path / "from 1.npz", **from_1, **{name: np.array(texts)})
    assert open_dataset(path, classes=3).label_names == ("cat", "dog", "owl")


def test_blank_names_of_classes_are_numbers_and_long_ones_are_cut(tmp_path):
    path = saved(tmp_path / "odd.npz", class_names=np.array(["cat", " ", "o" * 200]))
    names = open_dataset(path).label_names or ()
    assert names[:2] == ("cat", "1")
    assert len(names[2]) <= 100


def test_names_of_other_classes_are_not_used(tmp_path):
    dataset = open_dataset(saved(tmp_path / "few.npz", class_names=np.array(["cat", "dog"])))
    assert dataset.label_names is None
    assert dataset.notes == ("the names of 2 classes aren't used: there are 3 in the labels",)
    for other in (np.arange(3), np.array([["cat", "dog", "owl"]]), np.array(["cat", "dog", None], object)):
        dataset = open_dataset(saved(tmp_path / "other.npz", class_names=other))
        assert (dataset.label_names, dataset.notes) == (None, ())


def test_labels_that_are_names_keep_theirs(tmp_path):
    texts = {half: np.array(["owl", "cat", "dog"])[GOOD[half]] for half in ("y_train", "y_test")}
    path = saved(tmp_path / "texts.npz", **texts, class_names=np.array(["owl", "cat", "dog"]))
    assert open_dataset(path).label_names == ("cat", "dog", "owl")


def test_arrays_as_they_are(tmp_path):
    odd = {"x_train": GREY / 7 - 3, "y_train": np.eye(3)[LABELS][:5]}
    found = read_arrays(saved(tmp_path / "odd.npz", **odd))
    for name, array in (GOOD | odd).items():
        np.testing.assert_array_equal(found[name], array)
