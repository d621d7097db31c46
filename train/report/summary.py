"""The facts and figures of a training run, for `summary.txt` and for the page."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

from train.evaluation.results import Results
from train.network.layer_options import written
from train.report.training_run import TrainingRun
from train.settings import ONLY_FOR

if TYPE_CHECKING:
    import keras

LINE_LENGTH = 100


def settings_of(run: TrainingRun) -> dict[str, str]:
    """The settings that apply to the run's model, by name; layers in the notation of the command line."""
    values = {field.name: getattr(run.settings, field.name) for field in fields(run.settings)}
    values["convolutions"] = written(run.settings.convolutions)
    return {
        name.replace("_", " "): _as_text(value)
        for name, value in values.items()
        if ONLY_FOR.get(name, run.settings.model) == run.settings.model
    }


def dataset_of(run: TrainingRun) -> dict[str, str]:
    """The dataset that it was trained and measured on."""
    dataset = run.dataset
    return {
        "name": dataset.name,
        "image shape": " × ".join(map(str, dataset.train.images.shape[1:])),
        "classes": str(dataset.classes),
        "training images": f"{len(dataset.train):,}",
        "validation images": f"{len(dataset.validation):,}",
        "test images": f"{len(dataset.test):,}",
        "SHA-256": dataset.sha256,
    }


def final_figures(run: TrainingRun, history: Mapping[str, Sequence[float]], test: Results) -> dict[str, str]:
    """The size of the model, the figures of the last epoch, and those of the test split."""
    last = {name: values[-1] for name, values in history.items()}
    figures = {"parameters": f"{run.model.count_params():,}", "epochs": f"{last['epoch']:g}"}
    for prefix, split in (("", "training"), ("val_", "validation")):
        if f"{prefix}loss" in last:
            figures[f"{split} loss"] = f"{last[f'{prefix}loss']:.4f}"
        if f"{prefix}accuracy" in last:
            figures[f"{split} accuracy"] = f"{last[f'{prefix}accuracy']:.2%}"
    return figures | {
        "test loss": f"{test.loss:.4f}",
        "test accuracy": f"{test.accuracy:.2%} ({test.right:,} of {len(test.split):,})",
    }


def summary(run: TrainingRun, history: Mapping[str, Sequence[float]], test: Results) -> str:
    """Keras's summary of the model, the settings, the dataset and the final figures, as plain text."""
    lines = [_model_summary(run.model)]
    for title, facts in (
        ("settings", settings_of(run)),
        ("dataset", dataset_of(run)),
        ("figures", final_figures(run, history, test)),
    ):
        lines += [title, *(f"  {name:<20} {value}" for name, value in facts.items()), ""]
    return "".join(f"{line}\n" for line in lines)


def _as_text(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case None:
            return "none"
        case float():
            return f"{value:.4g}"
        case tuple():
            return ",".join(map(_as_text, value))
    return str(value)


def _model_summary(model: keras.Model) -> str:
    """Keras's summary, with the same width on every terminal."""
    lines: list[str] = []
    terminal = os.environ.get("COLUMNS")
    # Rich, which Keras uses, takes the width from here and crops the table to it.
    os.environ["COLUMNS"] = str(LINE_LENGTH)
    try:
        model.summary(line_length=LINE_LENGTH, print_fn=lines.append)
    finally:
        if terminal is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = terminal
    return "\n".join(lines)
