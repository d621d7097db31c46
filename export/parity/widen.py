"""Widen a budget where the reference model's own rounding exceeds it.

A network whose logits are in the thousands, or that computes in half precision, is itself only so exact.
Budgets in absolute figures would fail every faithful export of it, so they grow with what was measured of
that model, never with what an exported model does.
"""

from dataclasses import replace

import numpy as np

from export.parity.evidence import Evidence
from export.reference.quantization import Noise
from export.reference.rounding import Rounding
from export.reference.tasks import Task
from export.target import Budget

# Two computations in different order are each as far off as the reference model is, and the measured hundred
# pictures aren't the worst of all.
SAFETY = 8
FLOAT32_SIGNIFICAND = 24
# Mean differences of faithful exports were at most twice what was simulated and what rounding the outputs
# adds; where 16-bit kernels look softmax up in a table of 512 steps, 1.9e-4 for trained models and up to 4e-4
# for random ones, whose probabilities are even.
SAFETY_OF_MEAN = 4
LEAST_MEAN, LEAST_MEAN_WITH_TABLES = 2e-4, 5e-4
SAFETY_OF_LOGITS = 1.5
# Layers made of many operations, as LSTM is, are simulated as one.
SAFETY_OF_NOISE = 4


def with_mean(budget: Budget, evidence: Evidence) -> Budget:
    """The budget of a quantized model with the mean difference that quantization explains.

    Agreement alone passes a damaged model that is confident enough: one whose kernel had a flipped sign gave
    the same predictions, and probabilities that were 2 to 100 times as far off. The mean is that of simulated
    quantization, see `export.reference.quantization`, and of rounding the outputs, where the artifact has
    bytes for them.
    """
    if budget.quantization_levels is None or evidence.task is Task.VALUES:
        return budget
    noise = _noise(budget, evidence)
    if noise is None:
        return budget
    rest = LEAST_MEAN + _rounding_of_outputs(evidence) if budget.saturates else LEAST_MEAN_WITH_TABLES
    return replace(budget, max_mean_diff=SAFETY_OF_MEAN * noise.mean + rest)


def _rounding_of_outputs(evidence: Evidence) -> float:
    """The mean change of a probability by rounding logits to 256 levels, and by 256 levels of 1/256 itself.

    Logits are known but for a number that an image's have in common: it is drawn, always the same.
    """
    exact = evidence.task.decisions(evidence.reference).astype(np.float64)
    logits = np.log(np.maximum(exact, np.finfo(np.float32).tiny))
    step = max(np.ptp(logits, axis=1).max(), evidence.rounding().logit_range) / 255 or 1.0
    shifted = logits + np.random.default_rng(0).uniform(0, step, (len(logits), 1))
    powers = np.exp(np.rint(shifted / step) * step)
    of_logits = np.abs(powers / powers.sum(axis=1, keepdims=True) - exact).mean()
    of_itself = np.abs(np.clip(np.rint(exact * 256), 0, 255) / 256 - exact).mean()
    return float(SAFETY_OF_LOGITS * of_logits + of_itself)


def widen(budget: Budget, evidence: Evidence) -> Budget:
    """The budget, or a wider one where the reference model isn't exact enough for it.

    A logit may be off by a multiple of the reference model's rounding, and of what weights of fewer bits
    change, simulated with it. A probability p moves by p (1 - p) of what its logit moves, so by a quarter at
    most. Quantized models are judged by predictions, of which those count that quantization, simulated with
    the reference model, can't change.
    """
    rounding: Rounding = evidence.rounding()
    coarseness = _coarseness(budget, rounding)
    off, likely = (SAFETY * error + coarseness for error in (rounding.logit, rounding.likely))
    wider = replace(budget, logit_range=rounding.logit_range, least=max(budget.least, 2 * rounding.least))
    if budget.quantization_levels is not None:
        noise = _noise(budget, evidence)
        return replace(with_mean(wider, evidence), noise=SAFETY_OF_NOISE * noise.logit if noise else 0.0)
    if budget.max_logit_diff is not None:
        wider = replace(wider, max_logit_diff=max(off, budget.max_logit_diff), noise=likely)
    largest = likely / evidence.unit if evidence.task is Task.VALUES else min(likely / 4, 1.0)
    if (
        budget.max_abs_diff is not None
        and budget.max_logit_diff is not None
        and largest > budget.max_abs_diff
    ):
        wider = replace(wider, max_abs_diff=largest)
    return wider


def _coarseness(budget: Budget, rounding: Rounding) -> float:
    """How far floats with fewer bits than float32's move a logit."""
    if budget.significand == FLOAT32_SIGNIFICAND:
        return 0.0
    if rounding.of_halves:
        return SAFETY_OF_NOISE * rounding.of_halves.logit
    return 2.0 ** (FLOAT32_SIGNIFICAND - budget.significand) * rounding.logit


def _noise(budget: Budget, evidence: Evidence) -> Noise | None:
    """What quantization to such levels adds to the reference model's predictions."""
    rounding = evidence.rounding()
    return rounding.of_activations if budget.rounds_activations else rounding.of_weights
