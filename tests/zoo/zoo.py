"""A model as somebody has saved it, what is to become of it, and what the real pipeline makes of its file."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from export.errors import InkproofError
from export.parity.results import Artifact
from export.pipeline.build_artifacts import build_artifacts
from export.pipeline.reading import Reading
from export.pipeline.reference_model import ReferenceModel
from export.pipeline.stage_cache import StageCache
from export.runtimes.node import install_packages
from export.target import Target
from export.targets import all_targets
from tests.zoo.authors import Author, Saved
from tests.zoo.data_forms import Form, as_keras_has_them
from train.data.dataset import locate_dataset
from train.model_file.model_file import ModelFile

# A path, a stack, MLIR, or a dump of an object.
DUMPS = re.compile(
    r"(^|[\s('\"])/\w+/|Traceback|File \"|\bat \S+ \(|loc\(|\berror: |tf\.\w+\"|0x[0-9a-f]{6}|<keras"
)
COMPARED = 20  # pictures
PROVEN_ALONE = "tflite-float32", "tfjs-graph"


@dataclass(frozen=True)
class Case:
    """A model, its data, and what is expected of its export.

    Attributes:
        author: How its author has made the model, and feeds it.
        data: How the pictures were saved: as arrays of an `.npz`, or None for `--data noise`.
        scale: The scale of the pixels that is found.
        gives: The kind of outputs that is found.
        task: What it decides.
        lacking: Words of the reason with which targets are refused, by target; all others pass.
        refused: Words of the message with which the model is refused, if it is.
        reading: The options of the command.
        within: How far exported floats may be from the author's own predictions: half precision is coarse.
        quick: Whether it is among those that every test run exports; the others are slow.
    """

    author: Author
    data: Form | None = as_keras_has_them
    scale: str = "0..255"
    gives: str = "softmax"
    task: str = "classes"
    lacking: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""
    reading: Reading = field(default_factory=Reading)
    within: float = 1e-4
    quick: bool = False


Zoo = Mapping[str, Case]


@dataclass(frozen=True)
class Outcome:
    """What the pipeline made of a model."""

    folder: Path
    reference: ReferenceModel
    artifacts: list[Artifact]
    unsupported: dict[Target, str]
    said: list[str]


def every_case(*zoos: Zoo) -> list[Any]:
    """Parameters of a test, the longer ones marked."""
    marks = {True: pytest.mark.integration, False: pytest.mark.slow}
    return [
        pytest.param(case, id=name, marks=marks[case.quick]) for zoo in zoos for name, case in zoo.items()
    ]


def check(case: Case, folder: Path) -> None:
    """Export a model to every target, and assert all that is expected of it."""
    saved = case.author.save(folder)
    if case.refused:
        with pytest.raises(InkproofError) as caught:
            export(case, saved, folder)
        assert case.refused in str(caught.value)
        assert_plain(str(caught.value).replace(str(saved.path), "FILE"))
        return
    outcome = export(case, saved, folder)
    assert_expected(case, saved, outcome)
    assert_by_hand(case, saved, outcome)


def export(case: Case, saved: Saved, folder: Path) -> Outcome:
    """Do what `export all` does, up to the verdicts."""
    pictures = case.author.pictures()
    data = "noise"
    if case.data is not None:
        data = str(folder / "data.npz")
        np.savez(data, **case.data(pictures))
    staged, work = folder / "staged", folder / "work"
    staged.mkdir()
    install_packages()
    with contextlib.redirect_stderr(io.StringIO()) as said:
        model = ModelFile.take(saved.path, staged)
        reference = ReferenceModel(model, locate_dataset(data), work, case.reading)
        cache = StageCache(folder / "nothing-earlier", staged, [], None)
        artifacts, unsupported = build_artifacts(all_targets(), reference, cache)
    notes = [line for line in said.getvalue().splitlines() if line.startswith("inkproof: ")]
    return Outcome(staged, reference, artifacts, unsupported, notes)


def assert_expected(case: Case, saved: Saved, outcome: Outcome) -> None:
    """Every target passes or is refused by its documented reason; the model was understood as meant."""
    reasons = {target.name: reason for target, reason in outcome.unsupported.items()}
    failures = {
        artifact.target.name: artifact.parity.failures
        for artifact in outcome.artifacts
        if not artifact.parity.passed
    }
    assert not failures, failures
    assert reasons.keys() == case.lacking.keys(), reasons
    for name, words in case.lacking.items():
        assert words in reasons[name], reasons
    for text in [*outcome.said, *reasons.values()]:
        assert_plain(text)
    found = outcome.reference.adaptation
    assert (found.scale.name, found.kind.value, found.task.value) == (case.scale, case.gives, case.task)
    assert found.form.taken == saved.taken


def assert_by_hand(case: Case, saved: Saved, outcome: Outcome) -> None:
    """Raw pixels give in an exported model what the author's own code gives for the same pictures."""
    raw = np.asarray(outcome.reference.dataset.test.images[:COMPARED])
    if case.data is not None:
        np.testing.assert_array_equal(raw, case.author.pictures().x_test[:COMPARED])
    expected = saved.predict(raw)
    for artifact in outcome.artifacts:
        if artifact.target.name in PROVEN_ALONE:
            engine = artifact.target.engines[0]
            found = engine.run(outcome.folder / artifact.target.path, raw, Path())
            np.testing.assert_allclose(found, expected, rtol=0, atol=case.within * max(1, np.ptp(expected)))


def assert_plain(text: str) -> None:
    """One line for people: no path, no stack, no dump of a converter."""
    assert text.isprintable(), text
    assert not DUMPS.search(text), text
    assert len(text) < 600, text
