"""Checks of a dataset: what goes wrong before a model sees it. Pure NumPy.

Each takes splits by name, whatever their arrays hold: these checks are for data that the reader of datasets
refuses, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.checks.finding import Finding, failed, passed, skipped
from train.data.dataset import Split

# The largest class over the smallest. MNIST's classes differ by a factor of 1.3.
MOST_IMBALANCE = 3.0
# Share of a split that another one may hold too. Of MNIST and of the pen digits not one picture occurs
# twice; a thousandth can't move an accuracy by more than a tenth of a point.
MOST_LEAKAGE = 0.001
MOST_CLASSES = 256  # labels are bytes


def check_shapes(splits: Mapping[str, Split]) -> Finding:
    """Pictures of (n, rows, columns, channels), of one shape in all splits, and as many labels."""
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
                "each picture needs one label: pair them up again from their source",
            )
    shapes = {name: split.images.shape[1:] for name, split in splits.items()}
    if len(set(shapes.values())) > 1:
        found = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        return failed(f"pictures of several shapes: {found}", "bring them to one size")
    counts = ", ".join(f"{len(split):,} {name}" for name, split in splits.items())
    return passed(f"{counts}; pictures of {next(iter(shapes.values()))}")


def check_levels(splits: Mapping[str, Split]) -> Finding:
    """Grey levels 0..255 as bytes, used to the full, and alike in all splits."""
    scales = {}
    for name, split in splits.items():
        pixels = split.images
        if not pixels.size:
            return skipped(f"no pictures in {name}")
        if not np.isfinite(pixels).all():
            return failed(f"NaN or infinity in the {name} pictures", "drop or mend those pictures")
        low, high = float(pixels.min()), float(pixels.max())
        scales[name] = f"{pixels.dtype} {low:.3g}..{high:.3g}"
        if low == high:
            return failed(f"every pixel of the {name} pictures is {low:.3g}", "load the pictures again")
    found = ", ".join(f"{name} {scale}" for name, scale in scales.items())
    tops = {name: float(split.images.max()) for name, split in splits.items()}
    if min(tops.values()) <= 1 < max(tops.values()):
        return failed(found, "one split was scaled and the other not: treat all alike, as grey levels 0..255")
    if max(tops.values()) <= 1:
        return failed(
            found,
            "the pictures are scaled already: give grey levels 0..255 as uint8 (x * 255), because the model "
            "begins with Rescaling(1/255) and would scale them twice",
        )
    if min(float(split.images.min()) for split in splits.values()) < 0 or max(tops.values()) > 255:
        return failed(found, "grey levels must lie in 0..255: undo the normalisation, clip, save as uint8")
    if any(split.images.dtype != np.uint8 for split in splits.values()):
        return failed(found, "grey levels are bytes: round them and save them with astype('uint8')")
    return passed(found)


def check_labels(splits: Mapping[str, Split]) -> Finding:
    """Class numbers, not one-hot rows; from 0, without a gap, each class in every split."""
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
    """No class of the training split several times as frequent as another."""
    labels = class_numbers(splits["train"].labels)
    if labels is None:
        return skipped("the labels are no class numbers")
    counts = np.bincount(labels)
    counts = counts[counts > 0]  # a class that is missing is a matter of the labels
    largest, smallest = int(counts.max()), int(counts.min())
    common, share = int(np.bincount(labels).argmax()), largest / len(labels)
    found = f"{smallest:,} to {largest:,} pictures a class, the most of class {common} ({share:.1%})"
    if largest > MOST_IMBALANCE * smallest:
        return failed(
            found,
            f"the classes are imbalanced, over {MOST_IMBALANCE:.0f} to 1: collect more of the rare ones, "
            "or train with class_weight",
        )
    return passed(found)


def check_leakage(splits: Mapping[str, Split]) -> Finding:
    """No picture in two splits: what a model has seen can't test it. Compared byte by byte, by hash."""
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
            "the splits leak, and accuracy on pictures seen in training means nothing: split again and drop "
            "duplicates first",
        )
    return passed("; ".join(leaks) or "no picture is in two splits")


def class_numbers(labels: NDArray[Any]) -> NDArray[np.intp] | None:
    """Labels as class numbers of shape (n,): one-hot rows undone, a column flattened.

    Returns:
        None if they are neither whole numbers 0..255 nor one-hot rows.
    """
    if _is_one_hot(labels):
        numbers: NDArray[np.intp] = labels.argmax(axis=1)
        return numbers
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
            f"give whole class numbers from 0, below {MOST_CLASSES}",
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
