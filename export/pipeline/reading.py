"""How a model is to be understood, as its user says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a model comes from: its name, who trained it, and under which license. None: not stated."""

    name: str | None = None
    author: str | None = None
    license: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How a model is to be understood, where it doesn't say so itself.

    Attributes:
        scale: On what scale it takes pixels, see `export.reference.scale_option`; `auto` to measure.
        output: Name of the output that is exported, of several.
        labels: Names of the classes; None for the dataset's, or numbers.
        origin: What exported files say of where it comes from.
    """

    scale: str = "auto"
    output: str | None = None
    labels: tuple[str, ...] | None = None
    origin: Origin = Origin()

    @classmethod
    def of_options(cls, scale: str, output: str | None, labels: Path | None, origin: Origin) -> Reading:
        """As the command line has it, where `labels` is a file. Raises DataError if it can't be read."""
        if labels is None:
            return cls(scale, output, None, origin)
        from train.data.label_names import read_label_names

        return cls(scale, output, read_label_names(labels), origin)
