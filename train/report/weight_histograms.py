"""Histograms of the weights before and after training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from train.network.weight_changes import Change
from train.report.figure_style import ACCENT, INK, svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BINS = 40
COLUMNS = 2


def histograms(changes: Sequence[Change]) -> str:
    """How the kernels' weights are spread, before and after training, a panel each, as SVG.

    Args:
        changes: One of a kernel at least; biases and scales are left out, they are too few to be spread.
    """
    kernels = [change for change in changes if change.is_kernel]
    rows = -(-len(kernels) // COLUMNS)

    def draw(figure: Figure) -> None:
        grid = figure.subplots(rows, COLUMNS, squeeze=False)
        for axes, kernel in zip(grid.flat, kernels, strict=False):  # the last row may be short
            _histogram(axes, kernel)
        for axes in grid.flat[len(kernels) :]:
            axes.set_axis_off()
        handles = grid.flat[0].get_legend_handles_labels()
        figure.legend(*handles, loc="outside upper right", ncols=2, frameon=False)

    return svg(0.3 + 1.5 * rows, draw)


def _histogram(axes: Axes, kernel: Change) -> None:
    before, after = _finite(kernel.before), _finite(kernel.after)
    edges = np.histogram_bin_edges(np.concatenate([before, after]), BINS)
    axes.stairs(np.histogram(before, edges)[0], edges, color=INK, linewidth=1, label="before", zorder=2)
    axes.stairs(np.histogram(after, edges)[0], edges, fill=True, color=ACCENT, alpha=0.6, label="after")
    axes.set_title(kernel.name, loc="left")
    axes.set_yticks([])
    axes.locator_params(axis="x", nbins=5)
    axes.spines[["top", "right", "left"]].set_visible(False)


def _finite(weights: NDArray[Any]) -> NDArray[Any]:
    """The weights in one row, without NaN and infinities, which have no place on an axis."""
    finite: NDArray[Any] = weights[np.isfinite(weights)]
    return finite
