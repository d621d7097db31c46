"""The history of a training run in the format of Keras's CSVLogger."""

import csv
from pathlib import Path


def read_history(path: Path) -> dict[str, list[float]]:
    """Read a `history.csv`.

    Args:
        path: As `keras.callbacks.CSVLogger` writes it: epochs, counted from 0, and a column per figure.

    Returns:
        Its columns by name, with one value per epoch, NaN if it is missing. Epochs are counted from 1.
    """
    with path.open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    columns = {
        name: [float("nan") if line[name] == "NA" else float(line[name]) for line in lines]
        for name in lines[0]
    }
    return columns | {"epoch": [epoch + 1 for epoch in columns["epoch"]]}
