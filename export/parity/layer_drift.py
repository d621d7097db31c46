"""Find the layer in which a failed exported model begins to differ from the reference model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from export.errors import RunError
from export.parity.results import ParityResult
from export.runtimes import litert, tfjs
from export.types import Images
from train.console.text import plain
from train.data.dataset import MOST_OF_NAME

if TYPE_CHECKING:
    import keras

# A fraction of a layer's range, of which 8-bit layers are up to some hundredths off.
ROUNDED = 0.1


def explained(result: ParityResult, artifact: Path, model: keras.Model, images: Images) -> ParityResult:
    """Add to a verdict's failures the layer in which the drift begins; leave a verdict that passed as it is.

    Args:
        result: The verdict on the artifact.
        artifact: Where it lies.
        model: The reference model.
        images: The test images, of which the one that drifts most is looked at.
    """
    comparison = result.comparison
    if result.passed or not comparison:
        return result
    image = images[comparison.worst[0]][None]
    allowed = result.budget.max_abs_diff
    inside = litert.tensors if artifact.suffix == ".tflite" else tfjs.tensors
    tolerance = ROUNDED if allowed is None else 2 * allowed
    try:
        place = first_drift(model, inside(artifact, image), image, tolerance)
    except RunError:
        return result  # it ran before; where it no longer does, the figures stand alone
    explained_run = replace(comparison, failures=(*comparison.failures, place))
    return replace(result, runs=(explained_run, *result.runs[1:]))


def first_drift(model: keras.Model, tensors: Sequence[NDArray[Any]], image: Images, tolerance: float) -> str:
    """The layer behind the last one whose output is still found in the exported model.

    Converters fuse layers, so that some outputs are missing there: the last match counts.

    Args:
        model: The reference model.
        tensors: Everything that the exported model computed for the image, in any order.
        image: Shape (1, height, width, channels).
        tolerance: How far a tensor may be from a layer's output, as a fraction of that output's range.
    """
    import keras

    layers = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
    outputs = keras.Model(model.inputs[0], [layer.output for layer in layers])(image.astype(np.float32))
    names = [plain(layer.name, MOST_OF_NAME) for layer in layers]
    matching = [
        place
        for place, output in enumerate(outputs)
        if _least_difference(np.asarray(output, np.float64), tensors) <= tolerance
    ]
    last = max(matching, default=-1)
    if last == len(names) - 1:
        return f"no layer of the worst image drifts by more than {tolerance:g} of its range"
    if last < 0:
        return f"the drift begins in the layer {names[0]}, the first"
    return f"the drift begins in the layer {names[last + 1]}, behind {names[last]}"


def _least_difference(output: NDArray[np.float64], tensors: Sequence[NDArray[Any]]) -> float:
    """How far a layer's output is from the closest tensor of its shape, as a fraction of its range."""
    scale = float(np.ptp(output)) or 1.0
    differences = [float(np.abs(t - output).max()) / scale for t in tensors if t.shape == output.shape]
    return min(differences, default=np.inf)
