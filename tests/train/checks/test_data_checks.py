"""Checks of a dataset: sound ones pass, and each thing that can be wrong is named."""

import numpy as np
import pytest

from train.checks.data_checks import (
    check_balance,
    check_labels,
    check_leakage,
    check_levels,
    check_shapes,
    class_numbers,
)
from train.checks.finding import Verdict
from train.checks.suite import DATA_CHECKS, read_splits
from train.data.dataset import Split

RNG = np.random.default_rng(0)


def splits(**changes):
    """Sound ones, with some of their arrays replaced: `train_images=...`."""
    made = {}
    for name, count in (("train", 120), ("validation", 40), ("test", 60)):
        images = RNG.integers(0, 256, (count, 6, 5, 1)).astype(np.uint8)
        images[0, 0, 0], images[0, 0, 1] = 0, 255
        labels = (np.arange(count) % 4).astype(np.uint8)
        made[name] = Split(changes.pop(f"{name}_images", images), changes.pop(f"{name}_labels", labels))
    assert not changes
    return made


def fault(finding, *words):
    assert finding.verdict is Verdict.FAIL
    assert finding.remedy
    for word in words:
        assert word in f"{finding.found} -> {finding.remedy}"


@pytest.mark.parametrize("name", DATA_CHECKS)
def test_sound_data_pass(name):
    assert DATA_CHECKS[name](splits()).verdict is Verdict.PASS


@pytest.mark.parametrize("name", DATA_CHECKS)
def test_pen_digits_pass(name, pen_digits):
    splits = {part: getattr(pen_digits, part) for part in ("train", "validation", "test")}
    assert DATA_CHECKS[name](splits).verdict is Verdict.PASS


@pytest.mark.mnist
@pytest.mark.parametrize("name", DATA_CHECKS)
def test_mnist_passes(name, mnist_npz):
    assert DATA_CHECKS[name](read_splits(str(mnist_npz))).verdict is Verdict.PASS


def test_flat_pictures():
    fault(check_shapes(splits(test_images=np.zeros((60, 30), np.uint8))), "(60, 30)", "reshape")


def test_labels_that_are_too_few():
    fault(check_shapes(splits(train_labels=np.zeros(119, np.uint8))), "120 train", "(119,)", "pair")


def test_pictures_of_two_shapes():
    fault(check_shapes(splits(test_images=np.zeros((60, 5, 6, 1), np.uint8))), "(6, 5, 1)", "(5, 6, 1)")


def scaled(of, by=255.0):
    return {f"{name}_images": split.images / by for name, split in of.items()}


def test_pictures_that_are_scaled_already():
    fault(check_levels(splits(**scaled(splits()))), "float64 0..1", "scaled already", "0..255")


def test_only_one_split_is_scaled():
    fault(check_levels(splits(test_images=splits()["test"].images / 255)), "one split was scaled")


def test_bytes_that_lost_their_fractions():
    """What `(x / 255).astype('uint8')` leaves: 0 and 1."""
    cut = {name: array.astype(np.uint8) for name, array in scaled(splits()).items()}
    fault(check_levels(splits(**cut)), "uint8 0..1", "scaled already")


def test_normalised_pictures():
    centred = splits()["train"].images.astype(np.float32) - 33
    fault(check_levels(splits(train_images=centred)), "-33..222", "undo the normalisation")


def test_floats_in_the_right_range():
    fault(check_levels(splits(train_images=splits()["train"].images.astype(np.float32))), "astype('uint8')")


def test_not_a_number():
    images = splits()["train"].images.astype(np.float32)
    images[3, 2, 1] = np.nan
    fault(check_levels(splits(train_images=images)), "NaN", "train")


def test_blank_pictures():
    fault(check_levels(splits(test_images=np.zeros((60, 6, 5, 1), np.uint8))), "every pixel of the test")


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, bool])
def test_one_hot_labels(dtype):
    one_hot = np.eye(4, dtype=dtype)[np.arange(120) % 4]
    broken = splits(train_labels=one_hot)
    fault(check_labels(broken), "one-hot", "(120, 4)", "argmax", "categorical_crossentropy")
    assert check_balance(broken).verdict is Verdict.PASS  # it reads them all the same
    numbers = class_numbers(one_hot)
    assert numbers is not None
    assert numbers.tolist() == (np.arange(120) % 4).tolist()


def test_labels_in_a_column():
    column = (np.arange(120) % 4)[:, None]
    fault(check_labels(splits(train_labels=column)), "(120, 1)", "ravel")
    numbers = class_numbers(column)
    assert numbers is not None
    assert numbers.shape == (120,)


@pytest.mark.parametrize("bad", [-1, 65_536, 0.5, np.nan])
def test_labels_that_are_no_class_numbers(bad):
    labels = (np.arange(120) % 4).astype(np.float64)
    labels[7] = bad
    fault(check_labels(splits(train_labels=labels)), "whole class numbers")
    assert class_numbers(labels) is None
    assert check_balance(splits(train_labels=labels)).verdict is Verdict.SKIPPED


def test_labels_from_one():
    ones = {f"{name}_labels": split.labels + 1 for name, split in splits().items()}
    fault(check_labels(splits(**ones)), "class 0 of 0..4", "train")


def test_class_that_a_split_lacks():
    fault(check_labels(splits(test_labels=np.arange(60) % 3)), "class 3 of 0..3", "test")


@pytest.mark.parametrize(("common", "verdict"), [(30, Verdict.PASS), (90, Verdict.PASS), (91, Verdict.FAIL)])
def test_imbalance_is_a_fault_past_three_to_one(common, verdict):
    labels = np.concatenate([np.zeros(common, int), np.repeat([1, 2, 3], 30)])
    images = np.zeros((len(labels), 2, 2, 1), np.uint8)
    finding = check_balance({"train": Split(images, labels.astype(np.uint8))})
    assert finding.verdict is verdict
    assert f"30 to {common}" in finding.found


def test_leaked_test_split():
    sound = splits()
    leaked = sound["test"].images.copy()
    leaked[5:8] = sound["train"].images[50:53]
    broken = sound | {"test": Split(leaked, sound["test"].labels)}
    fault(check_leakage(broken), "3 of 60 test pictures are in train", "split again")


def test_validation_within_training():
    sound = splits()
    broken = sound | {"validation": Split(sound["train"].images[:40], sound["train"].labels[:40])}
    fault(check_leakage(broken), "40 of 40 validation pictures are in train")


def test_a_chance_duplicate_is_reported_but_no_fault():
    images = RNG.integers(0, 256, (2000, 6, 5, 1)).astype(np.uint8)
    labels = np.zeros(1000, np.uint8)
    both = {"train": Split(images[:1000], labels), "test": Split(images[999:1999], labels)}
    finding = check_leakage(both)
    assert finding.verdict is Verdict.PASS
    assert "1 of 1,000 test" in finding.found
