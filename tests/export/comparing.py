"""Comparisons of predictions for images alone: the evidence has one probe, on which all models agree."""

from typing import Any

import numpy as np

from export.parity.compare import compare
from export.parity.evidence import Evidence
from export.parity.predictions import EVERYTHING, Inputs, Predictions
from export.parity.results import ComparedRun, IncomparableRun
from export.target import Budget

Array = np.ndarray[Any, np.dtype[Any]]  # whatever shape and type: an engine may give anything


def evidence_of(reference: Array, labels: Array) -> Evidence:
    """Of blank images."""
    return Evidence(
        np.zeros((len(reference), 28, 28, 1), np.uint8),
        labels,
        reference,
        np.zeros((1, 28, 28, 1), np.uint8),
        reference[:1],
    )


def predictions_of(evidence: Evidence, found: Array, inputs: Inputs = EVERYTHING) -> Predictions:
    """An engine's predictions for images; on the probe it agrees."""
    return Predictions(found, evidence.probe_reference, found[:1], inputs)


def compare_any(
    reference: Array, found: Array, labels: Array, budget: Budget
) -> ComparedRun | IncomparableRun:
    """Compare predictions for images, comparable or not."""
    evidence = evidence_of(reference, labels)
    return compare(evidence, predictions_of(evidence, found), "a runtime", budget)


def compare_images(reference: Array, found: Array, labels: Array, budget: Budget) -> ComparedRun:
    """The same for predictions that can be compared."""
    run = compare_any(reference, found, labels, budget)
    assert isinstance(run, ComparedRun), run
    return run
