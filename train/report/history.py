"""The history of a training run, as Keras's CSVLogger writes it."""

from __future__ import annotations

import csv
from pathlib import Path


def read_history(path: Path) -> dict[str, list[float]]:
    """Read a `history.csv`.

    Args:
        path: Written by `keras.callbacks.CSVLogger`: a column of epochs, counted from 0, and one a figure.

    Returns:
        Its columns by name, a value an epoch; NaN where an epoch has none. Epochs are counted from 1.
    """
    with path.open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    columns = {
        name: [float("nan") if line[name] == "NA" else float(line[name]) for line in lines]
        for name in lines[0]
    }
    return columns | {"epoch": [epoch + 1 for epoch in columns["epoch"]]}
