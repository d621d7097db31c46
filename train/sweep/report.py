"""The results of a sweep: a table, a chart, and the command lines that repeat its trials."""

from __future__ import annotations

import csv
import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from train.console.table import print_table
from train.network.layer_options import written
from train.report.figure_style import ACCENT, INK, PROBLEM, QUIET, svg
from train.settings import OPTIMIZERS, Settings

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from train.sweep.tuner import Trial

MARKS = dict(zip(OPTIMIZERS, ((ACCENT, "o"), (QUIET, "s"), (PROBLEM, "^"), (INK, "D")), strict=True))
# Marked on the logit scale of the picture, which has no place for 0 and 1: its first and last are its ends.
ACCURACIES = (0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9999)


def varied(settings: Settings) -> dict[str, str]:
    """The settings that differ between trials, by the options of `python -m train fit`."""
    if settings.model == "cnn":
        layers = {"convolutions": written(settings.convolutions)}
    else:
        layers = {"hidden": ",".join(map(str, settings.hidden))}
    return layers | {
        "optimizer": settings.optimizer,
        "lr": f"{settings.rate:g}",
        "schedule": settings.schedule,
        "batch-size": str(settings.batch_size),
    }


def fit_command(settings: Settings, data: str | None) -> str:
    """The command line that repeats a trial.

    Args:
        settings: The trial's settings.
        data: The value of `--data`, if there was one.
    """
    options = {"model": settings.model, **varied(settings), "epochs": settings.epochs, "seed": settings.seed}
    if data:
        options["data"] = data
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    join = subprocess.list2cmdline if sys.platform == "win32" else shlex.join
    return join(["python", "-m", "train", "fit", *words])


def summary(trial: Trial) -> str:
    """The result and the settings of a trial in one line, printed when it ends."""
    settings = "  ".join(f"{name} {value}" for name, value in varied(trial.settings).items())
    return f"trial {trial.number}  validation accuracy {trial.score.accuracy:.2%}  {settings}"


def print_trials(trials: Sequence[Trial]) -> None:
    """Print the trials as a table, in the given order."""
    rows = []
    for trial in trials:
        score = trial.score
        figures = f"{score.accuracy:.2%}", f"{score.parameters:,}", f"{score.seconds:.1f}"
        rows.append([str(trial.number), *figures, *varied(trial.settings).values()])
    print_table(["trial", "accuracy", "parameters", "seconds", *varied(trials[0].settings)], rows)


def write_csv(path: Path, trials: Sequence[Trial], data: str | None) -> None:
    """Write a row for each trial, in the given order.

    Args:
        path: The file. Accuracies in it are between 0 and 1.
        trials: At least one.
        data: See `fit_command`.
    """
    rows = [
        {
            "trial": trial.number,
            "val_accuracy": trial.score.accuracy,
            "parameters": trial.score.parameters,
            "seconds": round(trial.score.seconds, 2),
            **varied(trial.settings),
            "command": fit_command(trial.settings, data),
        }
        for trial in trials
    ]
    with path.open("w", newline="", encoding="utf-8", errors="surrogateescape") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def scatter(trials: Sequence[Trial]) -> str:
    """Accuracy on the validation split against the parameters and against the learning rate, as SVG.

    Args:
        trials: Best first.
    """

    def draw(figure: Figure) -> None:
        left, right = figure.subplots(1, 2, sharey=True)
        _points(left, trials, "parameters", lambda trial: trial.score.parameters)
        _points(right, trials, "learning rate", lambda trial: trial.settings.rate)
        _scale_heights(left, [_height(trial) for trial in trials])
        left.set_title("validation accuracy; the best is ringed", loc="left")
        right.legend(frameon=False)

    return svg(3, draw)


def _points(axes: Axes, trials: Sequence[Trial], label: str, across: Callable[[Trial], float]) -> None:
    from matplotlib.ticker import NullFormatter, StrMethodFormatter

    # Distinguished by shape as well as by colour.
    for optimizer, (colour, marker) in MARKS.items():
        shown = [trial for trial in trials if trial.settings.optimizer == optimizer]
        heights = [_height(trial) for trial in shown]
        axes.scatter(list(map(across, shown)), heights, s=18, c=colour, marker=marker, label=optimizer)
    best = trials[0]
    axes.scatter([across(best)], [_height(best)], s=90, facecolors="none", edgecolors=INK)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel(label)
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)


def _scale_heights(axes: Axes, heights: Sequence[float]) -> None:
    from matplotlib.ticker import FuncFormatter

    axes.set_yscale("logit")  # 90% to 99% is the same distance as 99% to 99.9%
    low = max(tick for tick in ACCURACIES if tick <= min(heights))
    high = min(tick for tick in ACCURACIES if tick >= max(heights))
    axes.set_yticks([tick for tick in ACCURACIES if low <= tick <= high])
    axes.set_yticks([], minor=True)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda height, _: f"{100 * height:g}%"))


def _height(trial: Trial) -> float:
    return min(max(trial.score.accuracy, ACCURACIES[0]), ACCURACIES[-1])
