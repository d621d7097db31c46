"""Labels in the forms that people have, as class numbers, several classes, or values to predict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.console.text import plain
from train.data.label_kind import LabelKind
from train.errors import DataError

MOST_CLASSES = 65_536  # class numbers take two bytes at most
MOST_OF_NAMES = 60  # characters of the classes' names in a note
MOST_OF_NAME = 100  # characters of a class's name


@dataclass(frozen=True, slots=True)
class Labels:
    """What labels mean.

    Attributes:
        numbers: The labels of all splits, one after the other, in the form of their kind, see
            `train.data.splits.Dataset`.
        kind: Their kind.
        names: Names of the classes, where there are any.
        note: What was understood, on one line; None where it is obvious.
    """

    numbers: NDArray[Any]
    kind: LabelKind = LabelKind.CLASSES
    names: tuple[str, ...] | None = None
    note: str | None = None


def understand(halves: Mapping[str, NDArray[Any]], where: object) -> Labels:
    """Find out what labels mean.

    Args:
        halves: The labels of each split, shape (n, ...), of a plain type.
        where: Their file, for messages.

    Raises:
        DataError: If they are ambiguous.
    """
    columns = {half: _without_columns_of_one(labels) for half, labels in halves.items()}
    what = f"{' and '.join(columns)} of {where}"
    if len({(labels.ndim, labels.shape[1:]) for labels in columns.values()}) > 1:
        shapes = " and ".join(str(labels.shape) for labels in columns.values())
        raise DataError(f"expected {what} to be of one form, found the shapes {shapes}: save both alike")
    if len({labels.dtype.kind in "US" for labels in columns.values()}) > 1:
        raise DataError(f"expected {what} to be of one form, found names and numbers: save both alike")
    every = np.concatenate(list(columns.values()))
    if every.ndim > 2:
        raise DataError(
            f"expected {what} to be class numbers, shape (pictures,), or rows, found {every.shape[1:]} for "
            "each picture: give each a class number, or a row of them"
        )
    if every.dtype.kind in "US":
        return _from_names(every, what)
    if not (np.abs(every) <= np.finfo(np.float32).max).all():  # nor is NaN
        raise DataError(f"expected numbers in {what}, found NaN or infinity: drop those pictures")
    return _from_rows(every, what) if every.ndim == 2 else _from_numbers(every, what)


def numbered_from_0(labels: Labels, classes: int) -> Labels:
    """The same labels; but 1..classes, for a model of so many classes, become 0..classes-1."""
    if labels.kind is not LabelKind.CLASSES or labels.numbers.min() != 1 or labels.numbers.max() != classes:
        return labels
    names = tuple(str(number) for number in range(1, classes + 1))
    return Labels(compact(labels.numbers - 1), names=names, note=f"labels 1..{classes} are numbered from 0")


def named(labels: Labels, names: NDArray[Any]) -> Labels:
    """The same labels with names of their classes; as they are where these are names of other classes.

    Args:
        labels: Class numbers, or several classes each.
        names: Texts, shape (classes,), in the order of the class numbers. A blank one is its number.
    """
    if labels.kind not in (LabelKind.CLASSES, LabelKind.SEVERAL):
        return labels
    classes = labels.numbers.shape[1] if labels.numbers.ndim == 2 else int(labels.numbers.max()) + 1
    if len(names) == classes:
        texts = (plain(name, MOST_OF_NAME) for name in _texts(names).tolist())
        return replace(labels, names=tuple(text or str(number) for number, text in enumerate(texts)))
    unused = f"the names of {len(names):,} classes aren't used: there are {classes:,} in the labels"
    return replace(labels, note="; ".join(filter(None, (labels.note, unused))))


def compact(numbers: NDArray[Any]) -> NDArray[Any]:
    """Class numbers in one byte each, where they fit, otherwise in two."""
    return numbers.astype(np.uint8 if numbers.max() < 256 else np.uint16)


def _without_columns_of_one(labels: NDArray[Any]) -> NDArray[Any]:
    """A column of labels, shape (n, 1), as shape (n,): its argmax would make every label 0."""
    while labels.ndim > 1 and labels.shape[-1] == 1:
        labels = labels[..., 0]
    return labels


def _from_names(every: NDArray[Any], what: str) -> Labels:
    """Texts are numbers, as in MNIST by OpenML, or names of classes in alphabetical order."""
    if every.ndim != 1:
        raise DataError(
            f"expected one name for each picture in {what}, found rows of {every.shape[1]}: save one"
        )
    texts = _texts(every)
    if (np.char.isdecimal(texts) & (np.char.str_len(texts) < 10)).all():
        return _from_numbers(texts.astype(np.int64), what)
    names, numbers = np.unique(texts, return_inverse=True)
    _demand_classes(len(names), what)
    shown = tuple(plain(name) for name in names.tolist())
    if not all(shown):
        raise DataError(
            f"expected a name for each picture in {what}, found an empty one: drop those pictures"
        )
    note = f"labels are names, numbered in alphabetical order: {plain(', '.join(shown), MOST_OF_NAMES)}"
    return Labels(compact(numbers), names=shown, note=note)


def _texts(array: NDArray[Any]) -> NDArray[np.str_]:
    return np.char.strip(array if array.dtype.kind == "U" else np.char.decode(array, "utf-8", "replace"))


def _from_rows(every: NDArray[Any], what: str) -> Labels:
    sums = every.sum(axis=1, dtype=np.float64)
    if np.isin(every, (0, 1)).all():
        if (sums != 1).any():
            return Labels(
                every.astype(np.uint8), LabelKind.SEVERAL, note="labels are rows, several classes each"
            )
        _demand_classes(every.shape[1], what)
        return Labels(compact(every.argmax(axis=1)), note="one-hot labels are taken as class numbers")
    if every.dtype.kind != "f":
        raise DataError(
            f"expected {what} to be class numbers, or rows of 0 and 1, found rows of "
            f"{every.min()}..{every.max()}: save class numbers, or values to predict as float32"
        )
    if every.min() >= 0 and np.allclose(sums, 1, atol=1e-3):
        raise DataError(
            f"expected {what} to be class numbers, or rows of 0 and 1, found rows that add up to 1, like "
            "probabilities: save their .argmax(axis=1)"
        )
    return Labels(every.astype(np.float32), LabelKind.VALUES, note="labels are rows of values to predict")


def _from_numbers(every: NDArray[Any], what: str) -> Labels:
    low, high = every.min().item(), every.max().item()
    if every.dtype.kind == "f" and ((every != np.rint(every)).any() or low < 0 or high >= MOST_CLASSES):
        values = every.astype(np.float32)[:, None]
        return Labels(values, LabelKind.VALUES, note=f"labels are values to predict, {low:.4g}..{high:.4g}")
    if low < 0:
        raise DataError(
            f"expected class numbers from 0 in {what}, found {low}..{high}: number the classes from 0, or "
            "save values to predict as float32"
        )
    _demand_classes(int(high) + 1, what)
    return Labels(compact(every))


def _demand_classes(count: int, what: str) -> None:
    if count > MOST_CLASSES:
        raise DataError(
            f"expected at most {MOST_CLASSES:,} classes in {what}, found {count:,}: number the classes from "
            "0, or save values to predict as float32"
        )
