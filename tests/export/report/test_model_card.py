"""The model card: its figures, computed once more, and what it says of each kind of model."""

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from export.kits import named_kits
from export.kits._read import read_kit_model
from export.kits._write import write_kit
from export.manifest import Manifest, read_manifest
from export.parity.evidence import Evidence
from export.reference.tasks import Task
from export.report import model_card
from export.report.model_card import Background
from export.report.rates import class_rates, confusions
from export.report.training_facts import training_facts
from tests.export.comparing import evidence_of
from train.contract import InputContract
from train.data.dataset import Dataset, pen_dataset, pen_test_split
from train.model_file.model_file import load_model

# Five pictures of three classes: right, right, wrong, right, wrong.
SURE = np.array(
    [[0.92, 0.08, 0.0], [0.25, 0.75, 0.0], [0.15, 0.85, 0.0], [0.0, 0.04, 0.96], [0.08, 0.92, 0.0]],
    np.float32,
)
RIGHT = np.array([0, 1, 0, 2, 2], np.uint8)
NAMES = ("one", "two", "three")


def manifest_of(names: tuple[str, ...], task: Task, reference: dict[str, float | None]) -> Manifest:
    parity: dict[str, object] = {
        "accuracy": None,
        "top1_agreement": 0.5,
        "max_abs_diff": 0.25,
        "passed": False,
        "runs": [],
    }
    file = {"path": "tflite/int8.tflite", "bytes": 5, "sha256": "ab" * 32}
    model = {
        "path": "model.h5",
        "bytes": 1234,
        "sha256": "cd" * 32,
        "labels": list(names),
        "task": task.value,
    }
    said = {
        "name": "digits",
        "version": "1",
        "author": "Jane",
        "license": "MIT",
        "parameters": 9,
        "notes": [],
    }
    return Manifest(
        model={**model, **said},
        contract=InputContract.scaled_to((4, 5, 3), len(names)).to_json(),
        dataset={"name": "photos.npz", "sha256": "ef" * 32, "split": "test", "samples": 5},
        reference={"accuracy": None, "mean_abs_error": None, **reference},
        versions={"python": "3", "keras": "4"},
        targets=[{"name": "tflite-int8", "files": [file], "parity": parity}],
        site=[],
    )


def card_of(
    folder: Path,
    predictions: np.ndarray[Any, Any],
    labels: np.ndarray[Any, Any],
    task: Task = Task.CLASSES,
    names: tuple[str, ...] = NAMES,
    background: Background | None = None,
    known_from: float | None = None,
) -> str:
    evidence: Evidence = replace(evidence_of(predictions, labels), task=task)
    figures = {
        "accuracy": evidence.accuracy,
        "mean_abs_error": evidence.mean_abs_error,
        "known_from": known_from,
    }
    model_card.write(folder, manifest_of(names, task, figures), evidence, background or Background())
    return (folder / model_card.NAME).read_text(encoding="utf-8")


def test_recall_and_precision_are_those_of_each_class() -> None:
    found = [
        (rate.count, rate.recall, rate.precision) for rate in class_rates(Task.CLASSES, SURE, RIGHT, NAMES)
    ]
    assert found == [(2, 0.5, 1.0), (1, 1.0, 1 / 3), (2, 0.5, 1.0)]


def test_a_class_that_no_picture_is_of_has_no_recall() -> None:
    (*_, last) = class_rates(Task.CLASSES, SURE[:2], RIGHT[:2], NAMES)
    assert (last.count, last.recall, last.precision) == (0, None, None)


def test_confusions_are_the_most_frequent_first() -> None:
    labels = np.array([0, 1, 2, 2, 2], np.uint8)
    found = confusions(SURE[[0, 1, 2, 4, 3]], labels, NAMES, most=5)
    assert [(one.label, one.taken_for, one.count) for one in found] == [("three", "two", 2)]
    assert found[0].fraction == pytest.approx(2 / 3)


def test_the_calibration_error_is_the_mean_distance_of_confidence_and_rightness() -> None:
    calibration = evidence_of(SURE, RIGHT).calibration
    assert calibration is not None
    assert [(one.start, one.count, one.right) for one in calibration.bins] == [
        (11 / 15, 1, 1.0),
        (12 / 15, 1, 0.0),
        (13 / 15, 2, 0.5),
        (14 / 15, 1, 1.0),
    ]
    assert calibration.error == pytest.approx((0.25 + 0.85 + 2 * 0.42 + 0.04) / 5, abs=1e-6)


def test_each_of_several_labels_is_a_decision() -> None:
    predictions = np.array([[0.95, 0.15], [0.35, 0.75]], np.float32)
    labels = np.array([[1, 0], [1, 1]], np.uint8)
    first, second = class_rates(Task.SEVERAL, predictions, labels, NAMES[:2])
    assert (first.recall, first.precision, second.recall) == (0.5, 1.0, 1.0)
    calibration = replace(evidence_of(predictions, labels), task=Task.SEVERAL).calibration
    assert calibration is not None
    assert [(one.start, one.count, one.right) for one in calibration.bins] == [
        (9 / 15, 1, 0.0),
        (11 / 15, 1, 1.0),
        (12 / 15, 1, 1.0),
        (14 / 15, 1, 1.0),
    ]


def test_a_card_has_all_of_it_and_no_date(tmp_path: Path) -> None:
    text = card_of(tmp_path, SURE, RIGHT)
    for line in (
        "Version 1. Author: Jane. Licence: MIT.",
        "Accuracy on 5 photos.npz test images: **60.00%**.",
        "| one | 2 | 50.00% | 100.00% |",
        "| one | two | 1 | 50.00% |",
        "| tflite-int8 | - | 50.00% | 0.25 | FAIL |  |",
        f"| tflite/int8.tflite | 5 | `{'ab' * 32}` |",
        f"| model.h5 | 1,234 | `{'cd' * 32}` |",
        "How it was trained isn't noted here.",
        "Made with python 3, keras 4.",
    ):
        assert line in text
    assert "drawn digits" not in text
    assert not re.search(r"\b20\d\d\b", text)
    assert text == card_of(tmp_path, SURE, RIGHT)


def test_a_card_of_values_has_their_errors_and_no_calibration(tmp_path: Path) -> None:
    text = card_of(tmp_path, np.array([[1.0], [3.0]]), np.array([1.5, 3.0]), Task.VALUES, ("size",))
    assert "Mean absolute error on 5 photos.npz test images: **0.25**." in text
    assert "| size | 0.25 | 0.5 |" in text
    assert "Calibration" not in text
    assert "recall" not in text.lower()


def test_a_card_without_labels_says_that_nothing_was_measured(tmp_path: Path) -> None:
    text = card_of(tmp_path, SURE, np.empty((5, 0), np.uint8))
    assert "unproven, there are no labels" in text
    assert "how right the model is has never been measured here" in text
    assert "Calibration" not in text


def test_a_card_says_from_which_probability_on_a_class_is_named(tmp_path: Path) -> None:
    assert "from a probability of 0.45 on" in card_of(tmp_path, SURE, RIGHT, known_from=0.45)
    assert "names one of its 3 classes" in card_of(tmp_path, SURE, RIGHT)


def test_of_many_classes_the_worst_are_listed(tmp_path: Path) -> None:
    names = tuple(f"class {number}" for number in range(150))
    labels = np.arange(150).astype(np.uint8)
    predictions = np.eye(150, dtype=np.float32)[np.where(labels == 140, 3, labels)]
    text = card_of(tmp_path, predictions, labels, names=names)
    assert len(re.findall(r"^\| class \d+ \| 1 \| ", text, re.MULTILINE)) == model_card.MOST_CLASSES
    assert "| class 140 | 1 | 0.00% | - |" in text


def test_names_are_no_markup(tmp_path: Path) -> None:
    text = card_of(tmp_path, SURE, RIGHT, names=("<b>a</b>", "b | c", "[d](e)"))
    assert "| &lt;b&gt;a&lt;/b&gt; | 2 |" in text
    assert r"| b \| c | 1 |" in text
    assert "<b>" not in text


def test_the_pen_digits_test_split_is_the_embedded_one() -> None:
    alone, whole = pen_test_split(), pen_dataset(train=20).test
    assert len(alone) == 2000
    np.testing.assert_array_equal(np.asarray(alone.images), np.asarray(whole.images))


def test_a_training_is_noted_of_its_own_model_only(trained: Path, tmp_path: Path) -> None:
    weights = load_model(trained).get_weights()
    found = training_facts(trained.parent / "training", weights)
    assert found is not None
    assert found["settings"]["epochs"] == "4"
    assert found["settings"]["batch size"] == "64"
    assert re.fullmatch(r"\d\d\.\d\d% \(\d+ of 1,000\)", found["figures"]["test accuracy"])
    assert training_facts(trained.parent / "training", [weight + 1 for weight in weights]) is None
    assert training_facts(tmp_path, weights) is None
    broken = Path(shutil.copytree(trained.parent / "training", tmp_path / "training"))
    for name in ("best.keras", "last.keras"):
        (broken / name).write_bytes(b"nothing")
    assert training_facts(broken, weights) is None
    text = card_of(tmp_path, SURE, RIGHT, background=Background(found, 7))
    assert "| batch size | 64 |" in text


def test_an_export_has_a_card_and_each_kit_a_copy(built: Path, pen_digits: Dataset, tmp_path: Path) -> None:
    manifest = read_manifest(built)
    card = built / model_card.NAME
    assert model_card.NAME in {file["path"] for file in manifest.reports}
    text = card.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d) \| (\d+) \| ([\d.]+)% \|", text, re.MULTILINE)
    right = sum(int(count) * float(recall) / 100 for _, count, recall in rows)
    assert right / 1000 == pytest.approx(manifest.reference["accuracy"], abs=1e-3)
    assert re.search(r"On 2,000 drawn digits, .*: \*\*\d\d\.\d\d%\*\*", text)
    (kit,) = named_kits(["python"])
    manifest.reference["known_from"] = 0.45
    write_kit(kit, read_kit_model(built, manifest, pen_digits.test), tmp_path)
    assert (tmp_path / "kit/python" / model_card.NAME).read_bytes() == card.read_bytes()
    assert "Below a probability of 0.45" in (tmp_path / "kit/python/README.md").read_text(encoding="utf-8")
