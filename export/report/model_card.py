"""The model card: what a model is, what it is made from, where it is wrong, and how confident it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from export.manifest import Manifest
from export.parity.evidence import Evidence
from export.reference.tasks import Task
from export.report.build import difference_text, render, rightness
from export.report.rates import class_rates, confusions
from train.evaluation.calibration import BINS
from train.report.templates import percent

NAME = "MODEL_CARD.md"
MOST_CONFUSIONS = 10
MOST_CLASSES = 100  # in the table: of more, those that fare worst


@dataclass(frozen=True, slots=True)
class Background:
    """What a card says that neither the manifest nor the evidence does.

    Attributes:
        training: See `export.report.training_facts.training_facts`.
        training_images: How many images the training split of the dataset has.
        drawn_accuracy: The accuracy on the embedded pen digits, 0..1; None for a model of anything else.
        drawn_images: How many those are.
    """

    training: Mapping[str, Mapping[str, str]] | None = None
    training_images: int = 0
    drawn_accuracy: float | None = None
    drawn_images: int = 0


def write(folder: Path, manifest: Manifest, evidence: Evidence, background: Background) -> None:
    """Write `MODEL_CARD.md` into `folder`; the same for the same model, data and tools."""
    names = manifest.model["labels"]
    values: dict[str, Any] = {
        **{"manifest": manifest, "background": background, "task": evidence.task.value},
        **{"rightness": rightness(manifest.reference), "labelled": evidence.labelled},
        "targets": [_target(entry) for entry in manifest.targets],
        **{"classes": [], "confusions": [], "calibration": None, "values": []},
    }
    if evidence.labelled and evidence.task is Task.VALUES:
        values["values"] = _values(evidence, names)
    elif evidence.labelled:
        values |= _decisions(evidence, names)
    (folder / NAME).write_text(render(f"{NAME.lower()}.jinja", values), encoding="utf-8", newline="\n")


def _decisions(evidence: Evidence, names: Sequence[str]) -> dict[str, Any]:
    """Rates of each class, confusions, and calibration."""
    given = evidence.reference, evidence.labels
    rates = class_rates(evidence.task, *given, names)
    if len(rates) > MOST_CLASSES:
        rates = sorted((rate for rate in rates if rate.count), key=lambda rate: rate.recall or 0)[
            :MOST_CLASSES
        ]
    calibration = evidence.calibration
    assert calibration is not None
    found = confusions(*given, names, MOST_CONFUSIONS) if evidence.task is Task.CLASSES else []
    return {
        "classes": [
            (rate.label, f"{rate.count:,}", percent(rate.recall), percent(rate.precision)) for rate in rates
        ],
        "confusions": found,
        "calibration": calibration,
        "most_bins": BINS,
    }


def _values(evidence: Evidence, names: Sequence[str]) -> list[tuple[str, str, str]]:
    """Of each value its mean and its largest error."""
    right = evidence.labels.reshape(len(evidence.labels), -1)
    errors = np.abs(evidence.reference.astype(np.float64) - right)
    return [
        (name, f"{mean:.4g}", f"{most:.4g}")
        for name, mean, most in zip(names, errors.mean(axis=0), errors.max(axis=0), strict=True)
    ]


def _target(entry: Mapping[str, Any]) -> dict[str, Any]:
    parity = entry["parity"]
    return {
        "name": entry["name"],
        "files": entry["files"],
        "accuracy": percent(parity["accuracy"]),
        "agreement": percent(parity["top1_agreement"]),
        "largest": difference_text(parity["max_abs_diff"]),
        "verdict": "pass" if parity["passed"] else "FAIL",
        "runtimes": [run["runtime"] for run in parity["runs"]],
    }
