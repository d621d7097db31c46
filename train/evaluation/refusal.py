"""When a model's answer is no digit: what it is given is none, or more than one.

`web/src/drawing/refusal.js` is the counterpart.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.contract import InputContract
from train.evaluation.calibration import CONFIDENT

# Of held-out digits, at most this fraction has a highest probability below the one from which on a model
# names digits. MNIST's validation split is read more easily than drawings on a pad, of which 0.5% may be
# refused by all rules together: see tests/benchmarks/measure_rejection.py.
REFUSED = 0.0015
FEWEST = 1000  # held-out images; of fewer, chance decides which probability that is
# A blot covers more than this of the box around it. A dot covers 0.74 or more. None of MNIST's test digits
# covers as much unless it is narrow, as a 1 is; of 6,000 pen digits three do, zeros filled with ink.
BLOT, NARROW = 0.73, 0.6
WIDE = 1.25  # width over height; of real digits 2% are wider, and a model is confident of most of those
EDGE = 0.5  # of the darkest ink: what is fainter lies outside of the box

UNKNOWN = "not a digit I know"
SEVERAL = "more than one digit"


def known_from(probabilities: NDArray[Any]) -> float | None:
    """The probability from which on a model names a digit, 0..1, in hundredths; None of too few images.

    Args:
        probabilities: Of images that were held out from training, shape (n, classes).
    """
    if len(probabilities) < FEWEST:
        return None
    highest = np.sort(probabilities.max(axis=1))
    least = float(highest[int(REFUSED * len(highest))])  # as many are below it as may be
    return min(int(100 * least) / 100, CONFIDENT)


def refusal(
    picture: NDArray[np.uint8], probability: float, known_from: float | None, contract: InputContract
) -> str | None:
    """Why a picture gets no digit for an answer; None if it gets one.

    Args:
        picture: The model's input, shape (height, width, channels), in the contract's grey levels.
        probability: The highest of the model's probabilities for it, 0..1.
        known_from: The model's own, see `known_from`; None where it has none.
        contract: The geometry and polarity of the picture.
    """
    wide, blot = _shape(picture, contract)
    if wide and not blot and probability < CONFIDENT:
        return SEVERAL
    return UNKNOWN if blot or probability < (known_from or 0) else None


def _shape(picture: NDArray[np.uint8], contract: InputContract) -> tuple[bool, bool]:
    """Whether the ink is wider than a digit, and whether it is a blot."""
    ink = (picture[..., 0].astype(np.float64) - contract.background) / (contract.ink - contract.background)
    dark = ink > EDGE * ink.max()
    if not dark.any():
        return False, False
    height, width = (int(np.ptp(places)) + 1 for places in np.nonzero(dark))
    return width > WIDE * height, width > NARROW * height and bool(ink.sum() > BLOT * height * width)
