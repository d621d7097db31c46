"""Calibration images of datasets without ten classes: of each class, or from everywhere."""

from dataclasses import replace

import numpy as np
import pytest

from train.data.label_kind import LabelKind
from train.data.splits import MOST_CALIBRATION, Dataset, Split


def dataset(labels, kind=LabelKind.CLASSES):
    """Pictures whose only pixels hold their number."""
    numbers = np.arange(len(labels))
    images = np.stack([numbers // 256, numbers % 256], axis=1).astype(np.uint8).reshape(-1, 1, 1, 2)
    split = Split(images, np.asarray(labels))
    return Dataset("some", "", split, split, split, labels_are=kind)


def numbers(images):
    return (images[:, 0, 0, 0].astype(int) * 256 + images[:, 0, 0, 1]).tolist()


def test_classes_take_turns():
    found = dataset([2, 2, 0, 2, 1, 0, 2]).calibration(per_class=2)
    assert numbers(found) == [2, 4, 0, 5, 1]


def test_of_a_thousand_classes_one_each():
    labels = np.repeat(np.arange(MOST_CALIBRATION, dtype=np.uint16), 3)
    found = numbers(dataset(labels).calibration(per_class=30))
    assert found == list(range(0, 3 * MOST_CALIBRATION, 3))


@pytest.mark.parametrize(
    ("kind", "outputs"), [(LabelKind.SEVERAL, 5), (LabelKind.VALUES, 1), (LabelKind.NONE, 0)]
)
@pytest.mark.parametrize("count", [7, 1000])
def test_without_classes_evenly_spread(kind, outputs, count):
    found = numbers(dataset(np.zeros((count, outputs)), kind).calibration(per_class=30))
    assert len(found) == len(set(found)) == min(count, 300)
    assert (found[0], found[-1]) == (0, count - 1)
    assert max(np.diff(found)) <= np.ceil(count / 300) + 1


def test_number_of_classes():
    assert dataset([0, 1, 4]).classes == 5
    assert dataset(np.zeros((3, 7)), LabelKind.SEVERAL).classes == 7
    assert dataset(np.zeros((3, 7)), LabelKind.VALUES).classes == 0


def test_classes_are_numbered_by_their_names():
    found = replace(dataset([0, 2, 1, 2]), label_names=("ant", "bee", "cat")).numbered_by(
        ["cat", "ant", "bee"]
    )
    for split in (found.train, found.validation, found.test):
        assert split.labels.tolist() == [1, 0, 2, 0]
    assert found.label_names == ("cat", "ant", "bee")
    assert "order of the names given" in found.notes[-1]


def test_classes_that_the_data_lack_keep_their_numbers():
    found = replace(dataset([0, 1]), label_names=("ant", "cat")).numbered_by(["cat", "bee", "ant"])
    assert found.test.labels.tolist() == [2, 0]
    assert found.classes == 3
    many = replace(dataset([0, 1]), label_names=("0", "1")).numbered_by([str(n) for n in range(300)][::-1])
    assert many.test.labels.tolist() == [299, 298]


@pytest.mark.parametrize("names", [["ant", "bee"], ["ant", "eel"], ["bee", "bee", "ant"], ["x"], []])
def test_other_names_change_nothing(names):
    named = replace(dataset([0, 1]), label_names=("ant", "bee"))
    assert named.numbered_by(names) is named
    assert dataset([0, 1]).numbered_by(names).label_names is None
