"""The figures of the training page: pictures, learning curves, confusion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from train.data.dataset import Split
from train.evaluation.calibration import Bin
from train.evaluation.results import Mistake
from train.report.figure_style import ACCENT, PROBLEM, QUIET, WIDTH, svg
from train.report.templates import probability

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from PIL.Image import Image

SHEET = 5  # rows and columns of a sheet of pictures
TITLE_LINE, PAD = 0.17, 0.06  # inches: height of a picture's title, and space beside a picture
LARGEST_PICTURE = 64  # pixels; larger ones are shown smaller, for the page's weight
MOST_NUMBERED = 20  # classes; numbers in the cells of a larger table would be illegible
# A darker cell would hide its number, which is black or white as the reader's scheme has it.
STRONGEST = 0.55
PANELS = {"loss": "loss (logarithmic)", "accuracy": "accuracy, %", "learning_rate": "learning rate"}


def sheet(split: Split, labels: Sequence[str]) -> str:
    """The first 25 pictures of a split with their labels, as SVG."""
    count = min(SHEET * SHEET, len(split))
    titles = [labels[label] for label in split.labels[:count]]
    return _pictures(split.images[:count], titles, height=1.2)


def worst(mistakes: Sequence[Mistake], labels: Sequence[str]) -> str:
    """Pictures with the right class, the prediction and its probability, as SVG.

    Args:
        mistakes: One at least, 25 at most.
        labels: Names of the classes.
    """
    titles = [
        f"{labels[one.label]} → {labels[one.prediction]}\n{probability(one.probability)}" for one in mistakes
    ]
    return _pictures([one.picture for one in mistakes], titles, height=1.4)


def curves(history: Mapping[str, Sequence[float]]) -> str:
    """Loss, accuracy and, if it is known, the learning rate by epoch, as SVG.

    Args:
        history: From `read_history`; figures of the validation split are called `val_...`.
    """
    from matplotlib.ticker import MaxNLocator

    panels = [name for name in PANELS if name in history]

    def draw(figure: Figure) -> None:
        all_axes = figure.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
        for axes, name in zip(all_axes, panels, strict=True):
            _curve(axes, history, name)
        all_axes[0].legend(frameon=False)
        all_axes[-1].set_xlabel("epoch")
        all_axes[-1].xaxis.set_major_locator(MaxNLocator(integer=True))

    return svg(2.1 * len(panels), draw)


def _curve(axes: Axes, history: Mapping[str, Sequence[float]], name: str) -> None:
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    factor = 100 if name == "accuracy" else 1
    # They differ in their markers, too, not in their colours alone.
    for key, label, colour, line in (
        (name, "training", QUIET, "o-"),
        (f"val_{name}", "validation", ACCENT, "s-"),
    ):
        if key in history:
            values = factor * np.array(history[key])
            axes.plot(history["epoch"], values, line, color=colour, markersize=3, label=label)
    if name == "loss":
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_title(PANELS[name], loc="left")
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)


def reliability(bins: Sequence[Bin]) -> str:
    """How often predictions are right, by how confident they are, as SVG.

    Args:
        bins: From `train.evaluation.calibration.calibration`.
    """

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        starts, rights = [one.start for one in bins], [100 * one.right for one in bins]
        widths = [one.end - one.start for one in bins]
        axes.bar(starts, rights, widths, align="edge", color=ACCENT, alpha=STRONGEST, label="right, %")
        axes.plot([0, 1], [0, 100], "--", color=QUIET, label="as confident as right")
        axes.plot([one.confidence for one in bins], rights, "s", color=ACCENT, markersize=3)
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 100)
        axes.set_xlabel("confidence")
        axes.set_title("right, %", loc="left")
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, loc="upper left")

    return svg(4.2, draw)


def confusion_matrix(table: NDArray[np.intp], labels: Sequence[str]) -> str:
    """The confusion matrix as SVG: right predictions green, mistakes red.

    Args:
        table: From `train.evaluation.evaluate.confusion`.
        labels: Names of the classes.
    """
    numbered = len(table) <= MOST_NUMBERED

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.imshow(_shades(table), interpolation="none")
        if numbered:
            size = min(9, 90 / len(table))
            for row, column in np.argwhere(table):
                text = str(table[row, column])
                axes.text(column, row, text, ha="center", va="center", fontsize=size)
            axes.set_xticks(range(len(table)), labels[: len(table)])
            axes.set_yticks(range(len(table)), labels[: len(table)])
        axes.set_xlabel("prediction")
        axes.set_ylabel("label")
        axes.tick_params(length=0)

    return svg(WIDTH, draw)


def _shades(table: NDArray[np.intp]) -> NDArray[np.float64]:
    """Colours of the cells, RGBA 0..1: green for recall, red for mistakes in proportion to the commonest."""
    from matplotlib.colors import to_rgb

    right = np.eye(len(table), dtype=bool)
    recall = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    commonest = max(1, table[~right].max(initial=0))
    shades = np.empty((*table.shape, 4))
    shades[..., :3] = np.where(right[..., None], to_rgb(ACCENT), to_rgb(PROBLEM))
    shades[..., 3] = STRONGEST * np.where(right, recall, table / commonest)
    return shades


def _pictures(pictures: Iterable[NDArray[np.uint8]], titles: Sequence[str], height: float) -> str:
    """Pictures in rows of five with titles above them, each row `height` inches high."""
    rows = -(-len(titles) // SHEET)
    width = WIDTH / SHEET

    def draw(figure: Figure) -> None:
        # All in one, in inches: axes for each picture took a second to lay out.
        figure.set_layout_engine("none")
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        for place, (picture, title) in enumerate(zip(pictures, titles, strict=True)):
            row, column = divmod(place, SHEET)
            image = thumbnail(picture)
            room = height - TITLE_LINE * (title.count("\n") + 1) - 2 * PAD
            size = min((width - 2 * PAD) / image.width, room / image.height)
            middle, bottom = (column + 0.5) * width, (rows - row - 1) * height + PAD
            half, top = image.width * size / 2, bottom + image.height * size
            extent = (middle - half, middle + half, bottom, top)
            axes.imshow(np.asarray(image), interpolation="none", extent=extent)
            axes.annotate(title, (middle, top), (0, 3), textcoords="offset points", ha="center")
        axes.set(xlim=(0, WIDTH), ylim=(0, rows * height), aspect="auto")

    return svg(height * rows, draw)


def thumbnail(picture: NDArray[np.uint8]) -> Image:
    """A picture of any shape (height, width, channels) as RGB or RGBA, at most 64 pixels long."""
    from PIL import Image

    if picture.shape[-1] not in (3, 4):  # one channel is grey; two, or five, have no colours of their own
        picture = picture.mean(axis=-1).astype(np.uint8)
    image = Image.fromarray(picture)
    image = image if image.mode == "RGBA" else image.convert("RGB")  # greys would pass through a colour map
    image.thumbnail((LARGEST_PICTURE, LARGEST_PICTURE))
    return image
