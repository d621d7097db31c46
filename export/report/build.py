"""The report: the verdict, the size, accuracy and parity of each target, and the images that drift most."""

import base64
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from export.manifest import Manifest
from export.parity.evidence import Evidence
from export.parity.results import Artifact, ComparedRun
from export.reference.tasks import Task
from export.report.chart import kilobytes, size_against_accuracy
from export.target import Budget
from train.console.table import print_table as print_on_terminal
from train.report import templates
from train.report.figures import thumbnail
from train.report.templates import dataset_name, percent

HTML = "report.html"
MARKDOWN = "report.md"
FOLDERS = (Path(__file__).parent, Path(__file__).parents[1] / "bench")


def print_table(artifacts: Sequence[Artifact], reference: Mapping[str, Any]) -> None:
    """Print the table, and how right the reference model is (the manifest's entry), on stdout."""
    shown = ("verdict", "bytes", "accuracy", "agreement", "largest")
    rows = [[row["target"].name, *(row[name] for name in shown)] for row in map(_row, artifacts)]
    headings = ("target", *shown[:-1], "max diff")
    name, value = rightness(reference)
    print_on_terminal(headings, rows, title=f"{name} of the reference model: {value}", texts=2)


def rightness(reference: Mapping[str, Any]) -> tuple[str, str]:
    """How right a model is, by name and as text: its accuracy, of values its error, or that nobody knows."""
    if (error := reference.get("mean_abs_error")) is not None:
        return "Mean absolute error", f"{error:.4g}"
    accuracy = reference["accuracy"]
    return "Accuracy", "unproven, there are no labels" if accuracy is None else percent(accuracy)


def write(folder: Path, manifest: Manifest, artifacts: Sequence[Artifact], evidence: Evidence) -> None:
    """Write `report.html`, one file that needs no other, and `report.md` into `folder`."""
    points, reference = size_against_accuracy(artifacts, evidence.accuracy)
    values = {
        "manifest": manifest,
        "passed": all(artifact.parity.passed for artifact in artifacts),
        "verdict": _verdict(artifacts, manifest.dataset),
        "figures": _figures(artifacts, manifest),
        "rightness": rightness(manifest.reference),
        "points": points,
        "reference": reference,
        "rows": [_row(artifact) for artifact in artifacts],
        "drifts": _drifts(artifacts, evidence, manifest.model["labels"]),
    }
    for name in (HTML, MARKDOWN):
        (folder / name).write_text(render(f"{name}.jinja", values), encoding="utf-8", newline="\n")


def render(name: str, values: Mapping[str, Any]) -> str:
    """Fill in a template of the report or of one of its sections, `bench.html.jinja` say."""
    return templates.render(name, values, *FOLDERS)


def _verdict(artifacts: Sequence[Artifact], dataset: Mapping[str, Any]) -> str:
    """The verdict on all targets, as a sentence without its full stop."""
    count, passed = len(artifacts), sum(artifact.parity.passed for artifact in artifacts)
    images = f"{dataset['samples']:,} {dataset_name(dataset['name'])} {dataset['split']} images"
    if passed < count:
        return f"{passed} of {count} exported models match the reference model on {images}"
    subject = f"All {count} exported models match" if count > 1 else "The exported model matches"
    return f"{subject} the reference model on {images}"


def _figures(artifacts: Sequence[Artifact], manifest: Manifest) -> list[tuple[str, str, str]]:
    """The key figures: the name, the value and a remark for each."""
    smallest = min(artifacts, key=lambda artifact: artifact.bytes)
    farthest = max(artifacts, key=lambda artifact: artifact.parity.max_abs_diff or 0)
    runs = [run for artifact in artifacts if (run := artifact.parity.comparison)]
    agreements = [run.top1_agreement for run in runs if run.top1_agreement is not None]
    agreement = f"agreement {percent(min(agreements))} or more" if agreements else ""
    passed = sum(artifact.parity.passed for artifact in artifacts)
    parameters = f"{manifest.model['parameters']:,} parameters"
    difference = difference_text(farthest.parity.max_abs_diff)
    name, value = rightness(manifest.reference)
    return [
        (f"Reference {name.lower()}", value, parameters),
        ("Targets passed", f"{passed} of {len(artifacts)}", agreement),
        ("Smallest file", kilobytes(smallest.bytes), smallest.target.name),
        ("Largest difference", difference, f"of a probability, {farthest.target.name}"),
    ]


def _row(artifact: Artifact) -> dict[str, Any]:
    """A row of the tables."""
    parity, run = artifact.parity, artifact.parity.comparison
    return {
        "target": artifact.target,
        "bytes": f"{artifact.bytes:,}",
        "accuracy": percent(run.accuracy if run else None),
        "agreement": percent(run.top1_agreement if run else None),
        "clear_cut": _clear_cut_text(run) if run and run.not_clear_cut else "",
        "largest": difference_text(parity.max_abs_diff),
        "budget": _budget_text(parity.budget),
        "verdict": "pass" if parity.passed else "FAIL",
        "runtimes": [f"{run.runtime} ({run.samples:,} images)" for run in parity.runs],
        "failures": parity.failures,
    }


def difference_text(difference: float | None) -> str:
    """A difference of probabilities as text; `difference` is None where nothing could be compared."""
    return "-" if difference is None else f"{difference:.2g}"


def _clear_cut_text(run: ComparedRun) -> str:
    """The agreement that the budget bounds if not every image is clear-cut."""
    count = run.samples - run.not_clear_cut
    return f"{percent(run.clear_cut_agreement)} agreement on the {count:,} clear-cut images"


def _budget_text(budget: Budget) -> str:
    images = " of the clear-cut images" if budget.quantization_levels else ""
    parts = [f"agreement ≥ {100 * budget.min_top1_agreement:g}%{images}"]
    if budget.max_abs_diff is not None:
        parts.append(f"difference ≤ {budget.max_abs_diff:g}")
    if budget.max_logit_diff is not None:
        parts.append(f"difference of logits ≤ {budget.max_logit_diff:g}")
    if budget.max_accuracy_drop is not None:
        parts.append(f"accuracy drop ≤ {100 * budget.max_accuracy_drop:g} points")
    return ", ".join(parts)


def _drifts(
    artifacts: Sequence[Artifact], evidence: Evidence, labels: Sequence[str]
) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """The targets with their largest differences and the images that drift most, largest difference first.

    An image is a tuple of its `data:` URI, its label and the reference model's prediction.
    """

    def shown(index: int) -> tuple[str, str, str]:
        right = label_text(evidence.task, evidence.labels[index], labels)
        predicted = _prediction_text(evidence.task, evidence.reference[index], labels)
        return _data_uri(evidence.images[index]), right or predicted, predicted

    compared = [(run, artifact) for artifact in artifacts if (run := artifact.parity.comparison)]
    return [
        (artifact.target.name, difference_text(run.max_abs_diff), [shown(index) for index in run.worst])
        for run, artifact in sorted(compared, key=lambda pair: -pair[0].max_abs_diff)
    ]


def label_text(task: Task, label: Any, names: Sequence[str]) -> str:
    """A label as text; empty where an image has none."""
    numbers = np.atleast_1d(label)
    if not numbers.size:
        return ""
    if task is Task.VALUES:
        return ", ".join(f"{number:.4g}" for number in numbers)
    if task is Task.SEVERAL:
        return ", ".join(names[int(place)] for place in np.flatnonzero(numbers)) or "none"
    return names[int(numbers[0])]


def _prediction_text(task: Task, prediction: Any, names: Sequence[str]) -> str:
    label = {Task.VALUES: prediction, Task.SEVERAL: prediction > 0.5, Task.CLASSES: prediction.argmax()}[task]
    return label_text(task, label, names)


def _data_uri(picture: Any) -> str:
    content = io.BytesIO()
    thumbnail(picture).save(content, "PNG")
    return "data:image/png;base64," + base64.b64encode(content.getvalue()).decode()
