"""Labels in the forms of courses and libraries, distinguished or refused, never guessed."""

import numpy as np
import pytest

from train.data.label_forms import numbered_from_0, understand
from train.data.label_kind import LabelKind
from train.errors import DataError

NUMBERS = np.array([2, 0, 1, 3, 3, 0, 1, 2, 2])


def understood(labels, rest=None):
    return understand({"y_train": labels, "y_test": labels[:0] if rest is None else rest}, "file.npz")


def refusal(labels, rest=None):
    with pytest.raises(DataError) as caught:
        understood(labels, rest)
    message = str(caught.value)
    assert message.startswith("expected ")
    assert "file.npz" in message
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    "dtype", ["uint8", "int32", ">i8", "uint64", "float16", "float32", "float64", "U2", "S2"]
)
@pytest.mark.parametrize("shape", [(-1,), (-1, 1), (-1, 1, 1)])
def test_numbers_are_taken_as_they_are(dtype, shape):
    found = understood(NUMBERS.astype(dtype).reshape(shape))
    assert (found.kind, found.names, found.note) == (LabelKind.CLASSES, None, None)
    assert found.numbers.dtype == np.uint8
    np.testing.assert_array_equal(found.numbers, NUMBERS)


def test_truth_values():
    np.testing.assert_array_equal(understood(NUMBERS > 1).numbers, NUMBERS > 1)


@pytest.mark.parametrize(("highest", "dtype"), [(255, np.uint8), (256, np.uint16), (65_535, np.uint16)])
def test_many_classes(highest, dtype):
    found = understood(np.array([0, highest]))
    assert found.numbers.dtype == dtype
    assert found.numbers.tolist() == [0, highest]


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64, np.bool_])
def test_one_hot_rows(dtype):
    found = understood(np.eye(5, dtype=dtype)[NUMBERS])
    assert found.kind is LabelKind.CLASSES
    np.testing.assert_array_equal(found.numbers, NUMBERS)
    assert found.note == "one-hot labels are taken as class numbers"


def test_texts_that_are_numbers_keep_their_values():
    """As strings, 10 would come before 2."""
    found = understood(np.array(["10", "2", "0"]))
    assert found.numbers.tolist() == [10, 2, 0]
    assert found.names is None


@pytest.mark.parametrize("dtype", ["U", "S"])
def test_names_of_both_splits_are_numbered_together(dtype):
    found = understood(np.array(["dog", "cat", "dog"], dtype), np.array(["bird"], dtype))
    assert found.names == ("bird", "cat", "dog")
    assert found.numbers.tolist() == [2, 1, 2, 0]
    assert str(found.note).endswith(": bird, cat, dog")


def test_several_classes_a_picture():
    rows = np.array([[1, 0, 1], [0, 0, 0], [0, 1, 0]], np.float32)
    found = understood(rows)
    assert (found.kind, found.numbers.dtype) == (LabelKind.SEVERAL, np.uint8)
    np.testing.assert_array_equal(found.numbers, rows)


def test_one_hot_in_one_split_only_is_several():
    assert understood(np.eye(3), np.array([[1.0, 1.0, 0.0]])).kind is LabelKind.SEVERAL


@pytest.mark.parametrize(
    "labels",
    [
        np.array([0.25, 3.5]),
        np.array([[0.25], [3.5]]),
        np.array([-1.0, 2.0]),
        np.array([1e5, 2e5]),
        np.eye(2) * 3.5,
    ],
)
def test_values_to_predict(labels):
    found = understood(labels)
    assert (found.kind, found.numbers.dtype, found.numbers.ndim) == (LabelKind.VALUES, np.float32, 2)
    np.testing.assert_array_equal(found.numbers, labels.reshape(2, -1))


@pytest.mark.parametrize(("labels", "names"), [([1, 2, 3], ("1", "2", "3")), ([1, 3, 3], ("1", "2", "3"))])
def test_labels_from_1_for_a_model_of_so_many_classes(labels, names):
    found = numbered_from_0(understood(np.array(labels)), classes=3)
    assert found.numbers.tolist() == [label - 1 for label in labels]
    assert found.names == names
    assert found.note == "labels 1..3 are numbered from 0"


@pytest.mark.parametrize(
    ("labels", "classes"), [([1, 2, 3], 4), ([1, 2, 3], 2), ([0, 1, 3], 3), ([2, 3], 3), ([0, 1, 2], 3)]
)
def test_other_labels_stay(labels, classes):
    given = understood(np.array(labels))
    assert numbered_from_0(given, classes) is given


@pytest.mark.parametrize("number", [np.nan, np.inf, 1e300])
def test_what_are_no_numbers(number):
    for labels in (np.array([0, number, 1]), np.array([[0.5, number], [1, 1]])):
        assert "NaN or infinity" in refusal(labels)


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        (np.array([-1, 1]), "-1..1: number the classes from 0"),
        (np.array([0, 65_536]), "65,537: number the classes from 0"),
        (np.array([[1, 2], [3, 4]]), "rows of 1..4"),
        (np.array([[0.9, 0.1], [0.2, 0.8]]), "like probabilities"),
        (np.zeros((3, 2, 2), np.uint8), "(2, 2) for each"),
        (np.array([["a", "b"]]), "rows of 2"),
        (np.array(["a", ""]), "an empty one"),
    ],
)
def test_refused(labels, found):
    assert found in refusal(labels)


def test_splits_of_two_forms():
    assert "one form" in refusal(np.eye(3), np.array([0, 1]))
    assert "names and numbers" in refusal(np.array(["a", "b"]), np.array([0, 1]))


@pytest.mark.parametrize("labels", [[-1, 1], [0, 65_536], [[1, 2], [3, 4]]])
def test_remedy_by_float32_works(labels):
    labels = np.array(labels)
    assert "float32" in refusal(labels)
    assert understood(labels.astype(np.float32)).kind is LabelKind.VALUES
