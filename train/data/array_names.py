"""Which arrays of an `.npz` are the pictures and labels of which split, by the names that people give."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from train.console.text import plain
from train.errors import DataError

# In order of preference: the digits of scikit-learn have their pictures as `images`, and as rows in `data`.
PICTURES = ("x", "images", "image", "imgs", "img", "pictures", "data", "pixels", "features", "inputs")
LABELS = ("y", "labels", "label", "targets", "target", "classes")
CLASS_NAMES = ("classnames", "labelnames", "targetnames")  # scikit-learn's are `target_names`
TRAIN, TEST, VALIDATION, WHOLE = "train", "test", "validation", ""
SPLITS = {
    TRAIN: ("train", "training"),
    TEST: ("test", "testing"),
    VALIDATION: ("val", "valid", "validation", "dev"),
    WHOLE: ("",),
}
UNNAMED = ("arr_0", "arr_1", "arr_2", "arr_3")  # as np.savez(path, x_train, y_train, x_test, y_test) does
# Fractions of the pictures that become the test split where the file has one split only: a whole dataset is
# mostly for training, and of a test split only as much goes as scale and calibration need.
OF_WHOLE, OF_TEST = 1 / 5, 4 / 5

Shapes = Callable[[str], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The arrays of a dataset.

    Attributes:
        train: Names of the pictures and labels to train on, or of the only ones that there are.
        test: Names of those to test with; None if there is one split only.
        test_fraction: The fraction of a single split that becomes the test split.
        notes: What was understood, one line each.
    """

    train: tuple[str, str]
    test: tuple[str, str] | None
    test_fraction: float = OF_WHOLE
    notes: tuple[str, ...] = ()


def choose_arrays(names: Iterable[str], shape_of: Shapes, path: object) -> Chosen:
    """Choose the arrays of a dataset by their names.

    Args:
        names: Of all arrays in the file.
        shape_of: Gives the shape of an array, by which unnamed ones are distinguished.
        path: The file, for the message.

    Raises:
        DataError: If they aren't the arrays of a dataset.
    """
    names = set(names)
    splits = {split: pair for split in SPLITS if (pair := _pair(names, split))}
    if not splits and names >= {"arr_0", "arr_1"}:
        return _unnamed(names, shape_of, path)
    if not splits or _is_halved(names, splits):
        listed = ", ".join(sorted(names)) or "nothing"
        raise DataError(
            f"expected the arrays x_train, y_train, x_test and y_test in {path}, found {plain(listed, 200)}: "
            "save them under those names, as keras.datasets.mnist has them"
        )
    if TRAIN in splits:
        splits.pop(WHOLE, None)  # which may hold them once more
    if len(splits) == 1:
        [(split, pair)] = splits.items()
        return _one_split(pair, OF_TEST if split in (TEST, VALIDATION) else OF_WHOLE)
    train = next(split for split in (TRAIN, WHOLE, VALIDATION) if split in splits)
    test = next(split for split in (TEST, VALIDATION) if split in splits)
    unused = sorted(name for split, pair in splits.items() if split not in (train, test) for name in pair)
    notes = (f"not used: {' and '.join(unused)}",) if unused else ()
    return Chosen(splits[train], splits[test], notes=notes)


def names_of_classes(names: Iterable[str]) -> str | None:
    """The array with the names of the classes, if there is one."""
    return next((name for name in sorted(names) if _letters(name) in CLASS_NAMES), None)


def _one_split(pair: tuple[str, str], fraction: float) -> Chosen:
    note = f"one split only, {' and '.join(pair)}: {fraction:.0%} of it, chosen at random, are the test split"
    return Chosen(pair, None, fraction, (note,))


def _pair(names: set[str], split: str) -> tuple[str, str] | None:
    """The names of a split's pictures and labels, if it has both."""
    pictures, labels = _first(names, PICTURES, split), _first(names, LABELS, split)
    return (pictures, labels) if pictures and labels else None


def _is_halved(names: set[str], splits: Mapping[str, tuple[str, str]]) -> bool:
    """Whether a split to train on or to test with lacks its pictures or its labels."""
    return any(
        _first(names, words, split) is not None
        for split in (TRAIN, TEST)
        if split not in splits
        for words in (PICTURES, LABELS)
    )


def _first(names: set[str], roles: Iterable[str], split: str) -> str | None:
    """The name of an array, by the order of `roles`: `x_train`, `X_train`, `trainX`, `train_images`..."""
    by_letters: dict[str, str] = {}
    for name in sorted(names, key=lambda name: (name.lower() != name, name)):  # x_train before X_train
        by_letters.setdefault(_letters(name), name)
    words = SPLITS[split]
    wanted = chain.from_iterable((role + word, word + role) for role in roles for word in words)
    return next((by_letters[letters] for letters in wanted if letters in by_letters), None)


def _letters(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())


def _unnamed(names: set[str], shape_of: Shapes, path: object) -> Chosen:
    """Tell `arr_0`, `arr_1`... apart by their shapes: pictures are alike, and have as many labels."""
    if not names >= set(UNNAMED):
        return _one_split(("arr_0", "arr_1"), OF_WHOLE)
    shapes = [shape_of(name) or (0,) for name in UNNAMED]
    for order in ((0, 1, 2, 3), (0, 2, 1, 3)):
        x, y, tx, ty = (shapes[place] for place in order)
        in_pairs = x[0] == y[0] and tx[0] == ty[0] and x[1:] == tx[1:] and y[1:] == ty[1:]
        if in_pairs and math.prod(x[1:]) > math.prod(y[1:]):
            train, test = (UNNAMED[order[0]], UNNAMED[order[1]]), (UNNAMED[order[2]], UNNAMED[order[3]])
            note = f"unnamed arrays: {' and '.join(train)} to train on, {' and '.join(test)} to test with"
            return Chosen(train, test, notes=(note,))
    raise DataError(
        f"expected arr_0 to arr_3 in {path} to be x_train, y_train, x_test and y_test, found the shapes "
        f"{', '.join(map(str, shapes))}: name them, np.savez(path, x_train=x_train, y_train=y_train, ...)"
    )
