"""Describe a finished training run: `summary.txt`, figures, and `index.html`, which explains them."""

import base64
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from train.console.progress import stage
from train.console.quiet import quiet
from train.contract import InputContract
from train.evaluation.calibration import Calibration, calibration
from train.evaluation.evaluate import confusion
from train.evaluation.results import Results, measure
from train.network.weight_changes import Change, changes
from train.report import figures, weight_histograms
from train.report.history import read_history
from train.report.summary import dataset_of, final_figures, settings_of, summary
from train.report.templates import render
from train.report.training_run import TrainingRun

PAGE = "index.html"
SUMMARY = "summary.txt"
MOST_MISTAKES = 25


def write(folder: Path, run: TrainingRun) -> None:
    """Measure the model on the test split and describe the run; the same run gives the same bytes.

    Args:
        folder: Gets `summary.txt`, the figures as SVG, and `index.html`, which needs no other file to be
            read and links to those beside it. `run.history` lies there already.
        run: The finished run.
    """
    with stage("describing the training"), quiet():
        history = read_history(run.history)
        test = measure(run.model, run.dataset.test)
        moved = changes(run.before, run.model)
        drawn = _figures(run, history, test, moved)
        for name, svg in drawn.items():
            (folder / f"{name}.svg").write_text(svg, encoding="utf-8", newline="\n")
        (folder / SUMMARY).write_text(summary(run, history, test), encoding="utf-8", newline="\n")
        (folder / PAGE).write_text(
            _page(folder, run, history, test, moved, drawn), encoding="utf-8", newline="\n"
        )


def _figures(
    run: TrainingRun, history: Mapping[str, Sequence[float]], test: Results, moved: Sequence[Change]
) -> dict[str, str]:
    """SVGs by name. If there is no mistake, there is no figure of the worst mistakes."""
    labels = _labels(run)
    drawn = {
        "digits": figures.sheet(run.dataset.train, labels),
        "learning-curves": figures.curves(history),
        "confusion": figures.confusion_matrix(confusion(test.split.labels, test.predictions), labels),
        "weights": weight_histograms.histograms(moved),
        "reliability": figures.reliability(_calibration(test).bins),
    }
    mistakes = test.worst_mistakes(MOST_MISTAKES)
    return drawn | ({"worst-mistakes": figures.worst(mistakes, labels)} if mistakes else {})


def _page(
    folder: Path,
    run: TrainingRun,
    history: Mapping[str, Sequence[float]],
    test: Results,
    moved: Sequence[Change],
    drawn: Mapping[str, str],
) -> str:
    import keras
    import tensorflow as tf

    table = confusion(test.split.labels, test.predictions)
    values = {
        "run": run,
        "labels": _labels(run),
        "figures": final_figures(run, history, test),
        "settings": settings_of(run),
        "facts": dataset_of(run),
        "guessing": math.log(run.dataset.classes),
        "history": history,
        "best_epoch": _best_epoch(history),
        "test": test,
        "table": table,
        "confusions": _commonest_confusions(table),
        "mistakes": test.worst_mistakes(MOST_MISTAKES),
        "changes": moved,
        "calibration": _calibration(test),
        "models": sorted(path.name for path in folder.glob("*.keras")),
        "pictures": {name: _data_uri(svg) for name, svg in drawn.items()},
        "versions": f"keras {keras.__version__}, tensorflow {tf.__version__}",
    }
    return render("page.html.jinja", values)


def _calibration(test: Results) -> Calibration:
    return calibration(test.probabilities.max(axis=1), test.predictions == test.split.labels)


def _labels(run: TrainingRun) -> tuple[str, ...]:
    names = run.dataset.label_names
    return names or InputContract.scaled_to(run.dataset.train.images.shape[1:], run.dataset.classes).labels


def _best_epoch(history: Mapping[str, Sequence[float]]) -> int | None:
    """The epoch with the lowest validation loss, counted from 1; None where it was never measured."""
    losses = [
        (loss, round(epoch))
        for loss, epoch in zip(history.get("val_loss", ()), history["epoch"], strict=False)
        if math.isfinite(loss)
    ]
    return min(losses)[1] if losses else None


def _commonest_confusions(table: Any, most: int = 3) -> list[tuple[int, int, int]]:
    """(times, label, prediction) of the most frequent mistakes, most frequent first."""
    mistaken = table * (1 - np.eye(len(table), dtype=int))
    wrong = [(int(mistaken[row, column]), int(row), int(column)) for row, column in np.argwhere(mistaken)]
    return sorted(wrong, key=lambda one: (-one[0], one[1:]))[:most]


def _data_uri(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
