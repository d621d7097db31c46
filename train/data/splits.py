"""What a dataset is: pictures and their labels in three disjoint splits."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.data.label_forms import compact
from train.data.label_kind import LabelKind
from train.errors import DataError

ARRAYS = ("x_train", "y_train", "x_test", "y_test")
VALIDATION_FRACTION = 1 / 12  # 5,000 of MNIST's 60,000
SPLIT_SEED = 1998  # the split is the same for all training seeds
# Ranges are steady after some hundred pictures; a thousand classes give one each.
MOST_CALIBRATION = 1000
MOST_CLASSES = 2000  # of a table of confusions, which takes their square
CALIBRATION_WITHOUT_CLASSES = 10  # as many as for ten classes


@dataclass(frozen=True, slots=True)
class Split:
    """Images and their labels.

    Attributes:
        images: Shape (n, rows, columns, channels), uint8, levels 0..255; perhaps mapped from a file.
        labels: Shape (n,), class numbers from 0, uint8 or, of more than 256 classes, uint16; other kinds, see
            `Dataset.labels_are`, have shape (n, outputs).
    """

    images: NDArray[np.uint8]
    labels: NDArray[Any]

    def __len__(self) -> int:
        """Number of images."""
        return len(self.labels)

    def as_floats(self) -> tuple[NDArray[np.float32], NDArray[Any]]:
        """Images in the type that models take, and labels."""
        return self.images.astype(np.float32), self.labels


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset in three disjoint splits.

    Attributes:
        name: `mnist` (only if every byte is MNIST's), `pen`, `noise`, a dataset of Keras, or the file's or
            folder's name.
        sha256: Hash of the arrays, see `content_sha256`; of a folder, that of its files.
        train: The split for training and for calibrating quantizers.
        validation: The split for choosing epochs and architectures.
        test: The split for reported figures; nothing is chosen on it.
        labels_are: CLASSES: class numbers, shape (n,). SEVERAL: 1 for each class that applies and 0 for the
            others, uint8, shape (n, classes). VALUES: float32, shape (n, outputs). NONE: shape (n, 0).
        label_names: Names of the classes in the order of their numbers, where the data name them.
        notes: What was understood that the data don't say themselves, one line each.
    """

    name: str
    sha256: str
    train: Split
    validation: Split
    test: Split
    labels_are: LabelKind = LabelKind.CLASSES
    label_names: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()

    @property
    def classes(self) -> int:
        """Number of classes; 0 where the labels are values or missing."""
        if self.labels_are is LabelKind.SEVERAL:
            return int(self.test.labels.shape[1])
        if self.labels_are is not LabelKind.CLASSES:
            return 0
        highest = max(int(s.labels.max()) for s in (self.train, self.validation, self.test))
        return max(1 + highest, len(self.label_names or ()))

    def demanding_classes(self) -> Dataset:
        """The same dataset, whose labels are classes.

        Raises:
            DataError: If they are something else, or so many that no table of confusions holds them.
        """
        if self.labels_are is not LabelKind.CLASSES:
            raise DataError(
                f"expected labels with {LabelKind.CLASSES} in the dataset '{self.name}', found that they are "
                f"{self.labels_are}: give class numbers or names"
            )
        if self.classes > MOST_CLASSES:
            raise DataError(
                f"expected at most {MOST_CLASSES:,} classes in the dataset '{self.name}', found "
                f"{self.classes:,}: number the classes from 0 without gaps"
            )
        return self

    def holding_out(self, fraction: float) -> Dataset:
        """The same dataset with a validation split of another size, and the same test split.

        Of two validation splits the larger one contains the smaller one.

        Args:
            fraction: Size of the validation split as a fraction of training and validation split together,
                between 0 and 1; both keep at least one image.
        """
        count = len(self.train) + len(self.validation)
        held_out = min(max(1, round(count * fraction)), count - 1)
        if held_out == len(self.validation):
            return self
        images = np.concatenate([self.validation.images, self.train.images])
        labels = np.concatenate([self.validation.labels, self.train.labels])
        return replace(
            self,
            train=Split(images[held_out:], labels[held_out:]),
            validation=Split(images[:held_out], labels[:held_out]),
        )

    def numbered_by(self, names: Sequence[str]) -> Dataset:
        """The same dataset, whose classes are numbered in the order of `names`, if theirs are among them."""
        mine = self.label_names or ()
        known = len(set(names)) == len(names) and set(mine) <= set(names)
        if not mine or not known or tuple(names) == mine:
            return self
        number_of = {name: number for number, name in enumerate(names)}
        renumbered = compact(np.array([number_of[name] for name in mine]))
        splits = (replace(s, labels=renumbered[s.labels]) for s in (self.train, self.validation, self.test))
        train, validation, test = splits
        note = "the classes are numbered in the order of the names given for them"
        return replace(
            self,
            train=train,
            validation=validation,
            test=test,
            label_names=tuple(names),
            notes=(*self.notes, note),
        )

    def calibration(self, per_class: int) -> NDArray[np.uint8]:
        """The first `per_class` training images of each class, alternating between the classes.

        Where the labels aren't classes, as many as for ten classes, evenly spread over the training split.

        Returns:
            Shape (up to per_class x classes, and up to 1,000, rows, columns, channels), uint8.
        """
        if self.labels_are is LabelKind.CLASSES:
            chosen = _in_turn(self.train.labels, per_class)[:MOST_CALIBRATION]
        else:
            count = min(len(self.train), per_class * CALIBRATION_WITHOUT_CLASSES)
            chosen = np.linspace(0, len(self.train) - 1, count).round().astype(np.intp)
        return np.asarray(self.train.images[chosen])


def _in_turn(labels: NDArray[Any], per_class: int) -> NDArray[np.intp]:
    """The places of the first `per_class` of each class: first those of each class's first, and so on.

    Alternating, so that a converter that reads only some of them still sees every class.
    """
    by_class = np.argsort(labels, kind="stable")
    turns = np.arange(len(labels)) - np.searchsorted(labels[by_class], labels[by_class])
    first = turns < per_class
    return by_class[first][np.argsort(turns[first], kind="stable")]


def content_sha256(arrays: dict[str, NDArray[Any]]) -> str:
    """SHA-256 of the raw bytes of x_train, y_train, x_test, y_test in this order, whatever their file."""
    digest = hashlib.sha256()
    for name in ARRAYS:
        digest.update(np.ascontiguousarray(arrays[name]).data)
    return digest.hexdigest()


def split_dataset(name: str, digest: str, arrays: dict[str, NDArray[Any]]) -> Dataset:
    """Hold out the validation split, a twelfth of the training images, always the same ones."""
    images, labels = arrays["x_train"], arrays["y_train"]
    train, validation = held_out(len(labels), VALIDATION_FRACTION)
    return Dataset(
        name=name,
        sha256=digest,
        train=Split(images[train], labels[train]),
        validation=Split(images[validation], labels[validation]),
        test=Split(arrays["x_test"], arrays["y_test"]),
    )


def held_out(count: int, fraction: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Divide `count` pictures at random, always in the same way.

    Returns:
        The places of those that stay, and of the fraction that is held out: at least one.
    """
    order = np.random.default_rng(SPLIT_SEED).permutation(count)
    few = max(1, round(count * fraction))
    return order[few:], order[:few]
