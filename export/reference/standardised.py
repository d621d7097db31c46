"""Whether a model was trained on pixels that no named scale gives, but a mean and a standard deviation do.

At its own scale a network is as confident on its training pictures as it is right, if not more. Fed 0..1,
networks trained on standardised pixels were right for 97% of MNIST's, as before, at a mean confidence of 74%.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from export.errors import ModelError
from export.reference.find_scale import SIGNIFICANT, Trial
from export.reference.pixel_scale import RAW, PixelScale
from export.reference.scale_option import COLOURS
from export.types import Images

HALF = 2.0  # the loss elsewhere is more than this many times that at the scale of the training


def demand_named_scale(
    attempt: Callable[[PixelScale], Trial], named: Iterable[PixelScale], images: Images, classes: int
) -> None:
    """Fail if a model explains its training pictures better by another treatment of pixels.

    Args:
        attempt: Tries the model on training pictures at a scale.
        named: The scale that was found, or all of them.
        images: The training pictures.
        classes: How many there are.

    Raises:
        ModelError: If one does; its figures are measured on the pictures, so nearly the model's.
    """
    best = max(map(attempt, named), key=lambda trial: trial.score)
    if best.is_calibrated(classes) and (1 - best.scores).sum() <= SIGNIFICANT**2:
        return  # nothing can be significantly better
    suiting = [one for one in map(attempt, _treatments(images)) if _suits(one, best, classes)]
    if suiting:
        found = min(suiting, key=lambda trial: float(trial.losses.mean()))
        raise ModelError(
            f"expected a model that was trained on pixels of {RAW.name}, 0..1 or -1..1, found one that "
            f"explains its training pictures better, {found.score:.2%} right, at {found.scale.description}: "
            f"name its own mean and standard deviation with --scale {found.scale.name}, or its own scale"
        )


def _suits(other: Trial, best: Trial, classes: int) -> bool:
    if not other.is_better_than_guessing() or not other.is_calibrated(classes) or best.is_better(other):
        return False
    explains = not best.is_calibrated(classes) and best.loss_to(other) > HALF
    return explains or (other.is_better(best) and best.loss_to(other) > 1)


def _treatments(images: Images) -> list[PixelScale]:
    """What else is done to grey levels before a training: their mean, their middle or white comes to 0."""
    mean, deviation = float(images.mean()), max(float(images.std()), 1.0)
    names = [f"{mean:.4g}/{deviation:.4g}", f"{mean:.4g}/255", f"{mean:.4g}/1", "127.5/255", "255/-255"]
    if images.shape[-1] == COLOURS:
        means, deviations = images.mean(axis=(0, 1, 2)), np.maximum(images.std(axis=(0, 1, 2)), 1)
        names.append("/".join(",".join(f"{number:.4g}" for number in some) for some in (means, deviations)))
    return [scale for scale in map(PixelScale.named, names) if scale]
