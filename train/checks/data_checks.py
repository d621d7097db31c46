"""Checks of a dataset, independent of any model, in pure NumPy.

Each takes splits by name. Their arrays may hold anything, because the checks also explain data that
`train.data.npz.read_npz` refuses.
"""

from collections.abc import Mapping
from hashlib import blake2b
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.checks.finding import Finding, failed, passed, skipped
from train.data.dataset import Split
from train.data.label_forms import MOST_CLASSES

# The largest class over the smallest. MNIST's classes differ by a factor of 1.3.
MOST_IMBALANCE = 3.0
# Fraction of a split that may occur in another one, too. In MNIST and the pen digits no picture occurs twice;
# a thousandth can't change an accuracy by more than a tenth of a percentage point.
MOST_LEAKAGE = 0.001


def check_shapes(splits: Mapping[str, Split]) -> Finding:
    """Pictures have shape (n, rows, columns, channels), the same in all splits, and one label each."""
    for name, split in splits.items():
        pictures, labels = np.shape(split.images), np.shape(split.labels)
        if len(pictures) != 4 or 0 in pictures:
            return failed(
                f"{name} pictures of shape {pictures}",
                "they must be (pictures, rows, columns) or (pictures, rows, columns, channels): reshape them",
            )
        if not labels or labels[0] != pictures[0]:
            return failed(
                f"{pictures[0]:,} {name} pictures with labels of shape {labels}",
                "each picture needs one label: pair them again from their source",
            )
    shapes = {name: split.images.shape[1:] for name, split in splits.items()}
    if len(set(shapes.values())) > 1:
        found = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        return failed(f"pictures of several shapes: {found}", "bring them to one size")
    counts = ", ".join(f"{len(split):,} {name}" for name, split in splits.items())
    return passed(f"{counts}; pictures of {next(iter(shapes.values()))}")


def check_levels(splits: Mapping[str, Split]) -> Finding:
    """Grey levels are bytes 0..255, with the same scale in all splits."""
    ranges = {}
    for name, split in splits.items():
        pixels = split.images
        if not pixels.size:
            return skipped(f"no pictures in {name}")
        if not np.isfinite(pixels).all():
            return failed(f"NaN or infinity in the {name} pictures", "drop or fix those pictures")
        low, high = ranges[name] = float(pixels.min()), float(pixels.max())
        if low == high:
            return failed(f"every pixel of the {name} pictures is {low:.3g}", "load the pictures again")
    found = ", ".join(
        f"{name} {splits[name].images.dtype} {low:.3g}..{high:.3g}" for name, (low, high) in ranges.items()
    )
    lows, highs = zip(*ranges.values(), strict=True)
    if min(highs) <= 1 < max(highs):
        return failed(found, "one split was scaled and the other not: give all of them grey levels 0..255")
    if min(lows) < 0 or max(highs) > 255:
        return failed(found, "grey levels must lie in 0..255: undo the normalisation, clip, save as uint8")
    if max(highs) <= 1:
        return failed(
            found,
            "the pictures are scaled already: give grey levels 0..255 as uint8 (x * 255), because the model "
            "begins with Rescaling(1/255) and would scale them twice",
        )
    if any(split.images.dtype != np.uint8 for split in splits.values()):
        return failed(found, "grey levels are bytes: round them and save them with astype('uint8')")
    return passed(found)


def check_labels(splits: Mapping[str, Split]) -> Finding:
    """Labels are class numbers from 0 without a gap, not one-hot rows; every split has every class."""
    for name, split in splits.items():
        if fault := _label_fault(name, split.labels):
            return fault
    numbers = {name: np.unique(split.labels).astype(int) for name, split in splits.items()}
    classes = 1 + max(int(found.max()) for found in numbers.values())
    for name, found in numbers.items():
        if missing := sorted(set(range(classes)) - set(found.tolist())):
            which = ", ".join(map(str, missing[:12]))
            return failed(
                f"class {which} of 0..{classes - 1} doesn't occur in {name}",
                "number the classes from 0 without a gap, and give each split pictures of each class",
            )
    return passed(f"class numbers 0..{classes - 1}, not one-hot: the loss is sparse_categorical_crossentropy")


def check_balance(splits: Mapping[str, Split]) -> Finding:
    """No class of the training split is several times as frequent as another."""
    labels = class_numbers(splits["train"].labels)
    if labels is None:
        return skipped("the labels are not class numbers")
    counts = np.bincount(labels)
    counts = counts[counts > 0]  # check_labels reports missing classes
    largest, smallest = int(counts.max()), int(counts.min())
    common, fraction = int(np.bincount(labels).argmax()), largest / len(labels)
    found = f"{smallest:,} to {largest:,} pictures per class, most of class {common} ({fraction:.1%})"
    if largest > MOST_IMBALANCE * smallest:
        return failed(
            found,
            f"the classes are imbalanced, over {MOST_IMBALANCE:.0f} to 1: collect more of the rare ones, "
            "or train with class_weight",
        )
    return passed(found)


def check_leakage(splits: Mapping[str, Split]) -> Finding:
    """No picture (by a hash of its bytes) occurs in two splits: seen pictures can't test a model."""
    hashes = {name: [_hash(image) for image in split.images] for name, split in splits.items()}
    leaks, worst = [], 0.0
    for first, second in combinations(hashes, 2):
        seen = set(hashes[first])
        count = sum(image in seen for image in hashes[second])
        worst = max(worst, count / max(len(hashes[second]), 1))
        if count:
            leaks.append(f"{count:,} of {len(hashes[second]):,} {second} pictures are in {first} too")
    if worst > MOST_LEAKAGE:
        return failed(
            "; ".join(leaks),
            "the splits leak, and accuracy on pictures seen in training means nothing: drop duplicates and "
            "split again",
        )
    return passed("; ".join(leaks) or "no picture is in two splits")


def class_numbers(labels: NDArray[Any]) -> NDArray[np.intp] | None:
    """Labels as class numbers of shape (n,); one-hot rows are decoded, a column is flattened.

    Returns:
        None if the labels are neither whole numbers from 0 nor one-hot rows.
    """
    if _is_one_hot(labels):
        return np.asarray(labels.argmax(axis=1))
    flat = labels.ravel()
    if not labels.ndim or flat.size != len(labels) or not flat.size or not _are_class_numbers(flat):
        return None
    return flat.astype(np.intp)


def _label_fault(name: str, labels: NDArray[Any]) -> Finding | None:
    if _is_one_hot(labels):
        return failed(
            f"one-hot rows in {name}, shape {labels.shape}",
            "give class numbers, labels.argmax(axis=1): they go with the loss "
            "sparse_categorical_crossentropy, one-hot rows with categorical_crossentropy",
        )
    if labels.ndim != 1:
        return failed(
            f"{name} labels of shape {labels.shape}",
            "give one class number for each picture, shape (pictures,): ravel() flattens a column",
        )
    if not labels.size:
        return failed(f"no labels in {name}", "give one class number for each picture")
    if not _are_class_numbers(labels):
        return failed(
            f"{name} labels {labels.dtype} {labels.min():.3g}..{labels.max():.3g}",
            f"give whole class numbers from 0, below {MOST_CLASSES:,}",
        )
    return None


def _is_one_hot(labels: NDArray[Any]) -> bool:
    if labels.ndim != 2 or labels.shape[1] < 2 or not labels.size:
        return False
    return bool(np.isin(labels, (0, 1)).all() and (labels.sum(axis=1) == 1).all())


def _are_class_numbers(labels: NDArray[Any]) -> bool:
    return bool(np.isin(labels, np.arange(MOST_CLASSES)).all())


def _hash(image: NDArray[Any]) -> bytes:
    return blake2b(image.tobytes(), digest_size=16).digest()
