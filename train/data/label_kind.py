"""What the labels of a dataset say of its pictures."""

from enum import StrEnum


class LabelKind(StrEnum):
    """What the labels of a dataset say of its pictures; each value completes "the labels are ..."."""

    CLASSES = "one class for each picture"
    SEVERAL = "several classes for each picture"
    VALUES = "values to predict"
    NONE = "missing"
