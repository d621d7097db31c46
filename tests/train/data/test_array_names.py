"""Names of arrays: the usual ones, in any order, and none that would be a guess."""

import pytest

from train.data.array_names import OF_TEST, OF_WHOLE, choose_arrays
from train.errors import DataError

SHAPES = {"x": (9, 6, 5), "y": (9,), "tx": (4, 6, 5), "ty": (4,)}


def chosen(*names, shapes=()):
    return choose_arrays(names, lambda name: shapes[names.index(name)], "file.npz")


@pytest.mark.parametrize(
    "names",
    [
        ("x_train", "y_train", "x_test", "y_test"),
        ("X_train", "Y_train", "X_test", "Y_test"),
        ("trainX", "trainY", "testX", "testy"),
        ("train_images", "train_labels", "test_images", "test_labels"),
        ("images_train", "labels_train", "images_test", "labels_test"),
        ("training_data", "training_targets", "testing_data", "testing_targets"),
        ("x_train", "y_train", "x_val", "y_val"),
        ("x_valid", "y_valid", "x_test", "y_test"),
        ("x", "y", "x_test", "y_test"),
        ("images", "labels", "test_images", "test_labels"),
    ],
)
def test_two_splits(names):
    found = chosen(*reversed(names))
    assert (found.train, found.test, found.notes) == (names[:2], names[2:], ())


@pytest.mark.parametrize(
    ("names", "fraction"),
    [
        (("x", "y"), OF_WHOLE),
        (("images", "labels"), OF_WHOLE),
        (("data", "target"), OF_WHOLE),
        (("X", "y"), OF_WHOLE),
        (("x_train", "y_train"), OF_WHOLE),
        (("arr_0", "arr_1"), OF_WHOLE),
        (("x_test", "y_test"), OF_TEST),
        (("val_images", "val_labels"), OF_TEST),
    ],
)
def test_one_split(names, fraction):
    found = chosen(*names, "weights")
    assert (found.train, found.test, found.test_fraction) == (names, None, fraction)
    assert " and ".join(names) in found.notes[0]


def test_third_split_is_not_used_and_named():
    names = ("x_train", "y_train", "x_val", "y_val", "x_test", "y_test")
    found = chosen(*names)
    assert (found.train, found.test) == (names[:2], names[4:])
    assert found.notes == ("not used: x_val and y_val",)


def test_names_of_keras_come_first():
    found = chosen("X_train", "x_train", "Y_train", "y_train", "x_test", "y_test")
    assert found.train == ("x_train", "y_train")


def test_digits_of_scikit_learn():
    found = chosen("data", "target", "frame", "feature_names", "target_names", "images", "DESCR")
    assert found.train == ("images", "target")


@pytest.mark.parametrize("order", ["x y tx ty", "x tx y ty"])
def test_unnamed(order):
    places = order.split()
    names = [f"arr_{place}" for place in range(4)]
    found = chosen(*names, shapes=[SHAPES[place] for place in places])
    by_place = dict(zip(places, names, strict=True))
    assert found.train == (by_place["x"], by_place["y"])
    assert found.test == (by_place["tx"], by_place["ty"])
    assert len(found.notes) == 1


@pytest.mark.parametrize("order", ["y x ty tx", "x x x x", "x y ty tx"])
def test_unnamed_in_another_order(order):
    with pytest.raises(DataError, match=r"arr_0 to arr_3 .* name them"):
        chosen(*(f"arr_{place}" for place in range(4)), shapes=[SHAPES[place] for place in order.split()])


@pytest.mark.parametrize(
    "names",
    [
        (),
        ("weights",),
        ("x_train", "y_train", "x_test"),
        ("x_train", "x_test", "y_test"),
        ("y_train", "x_test", "y_test"),
        ("x", "x_test"),
        ("arr_0",),
    ],
)
def test_incomplete(names):
    with pytest.raises(DataError, match="expected the arrays x_train") as caught:
        chosen(*names)
    assert (", ".join(sorted(names)) or "nothing") in str(caught.value).split("found")[1]
