"""Make a dataset of arrays that were read: labels understood, pictures in shape, splits held out."""

from dataclasses import replace

import numpy as np

from train.data.label_forms import named, numbered_from_0, understand
from train.data.npz import Arrays
from train.data.picture_shape import PictureShape, shaped
from train.data.splits import Dataset, content_sha256, split_dataset
from train.errors import DataError


def assemble(
    name: str, found: Arrays, where: object, wanted: PictureShape | None = None, classes: int | None = None
) -> Dataset:
    """Make a dataset of arrays.

    Args:
        name: The dataset's name.
        found: Its arrays.
        where: Their file, for messages.
        wanted: The shape that the model needs, if it is known, see `train.data.picture_shape.shaped`.
        classes: Number of the model's classes, if it is known: labels 1..classes are numbered from 0.

    Raises:
        DataError: If they aren't pictures of one shape and labels of one form.
    """
    arrays, count = dict(found.arrays), len(found.arrays["y_train"])
    if count < 2:
        raise DataError(f"expected at least 2 pictures to train on in {where}, found {count}: add more")
    labels = understand({half: arrays[half] for half in ("y_train", "y_test")}, where)
    labels_are_names = labels.names is not None
    arrays["y_train"], arrays["y_test"] = np.split(labels.numbers, [count])
    digest = content_sha256(arrays)  # of the data as they are, whatever the model
    if classes:
        labels = numbered_from_0(labels, classes)
        arrays["y_train"], arrays["y_test"] = np.split(labels.numbers, [count])
    if found.class_names is not None and not labels_are_names:
        labels = named(labels, found.class_names)
    arrays["x_train"], shape_notes = shaped(arrays["x_train"], f"x_train of {where}", wanted)
    arrays["x_test"], _ = shaped(arrays["x_test"], f"x_test of {where}", wanted)
    if arrays["x_train"].shape[1:] != arrays["x_test"].shape[1:]:
        raise DataError(
            f"expected x_train and x_test of {where} to hold pictures of one shape, found "
            f"{arrays['x_train'].shape[1:]} and {arrays['x_test'].shape[1:]}: bring them to one size"
        )
    return replace(
        split_dataset(name, digest, arrays),
        labels_are=labels.kind,
        label_names=labels.names,
        notes=(*found.notes, *shape_notes, *((labels.note,) if labels.note else ())),
    )
