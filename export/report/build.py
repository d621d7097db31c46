"""The report: what was built, how far each copy is from the original, and where it drifts most."""

from __future__ import annotations

import base64
import html
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from export.manifest import Manifest
from export.parity.evidence import Evidence
from export.report.chart import size_against_accuracy
from export.results import Artifact, ParityResult
from export.target import Budget
from train.console.text import plain

if TYPE_CHECKING:
    from jinja2 import Environment

HTML = "report.html"
MARKDOWN = "report.md"


@dataclass(frozen=True, slots=True)
class Row:
    """One target in the table, as text."""

    target: str
    purpose: str
    size: str
    accuracy: str
    agreement: str
    decided: str
    largest: str
    budget: str
    verdict: str
    passed: bool
    runtimes: str
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """An image on which a copy is far from the original.

    Attributes:
        picture: The image as a `data:` URI.
        label: The right answer.
        original: The original's answer.
    """

    picture: str
    label: str
    original: str


def rows(artifacts: Sequence[Artifact]) -> list[Row]:
    """The table, a row for each artifact."""
    return [_row(artifact) for artifact in artifacts]


def print_table(artifacts: Sequence[Artifact], accuracy: float) -> None:
    """Print the table, and the original's accuracy (0..1), on stdout."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"The original's accuracy: {percent(accuracy)}", title_justify="left")
    for heading in ("target", "bytes", "accuracy", "same answers", "max diff", "verdict"):
        table.add_column(
            heading, justify="left" if heading in ("target", "verdict") else "right", no_wrap=True
        )
    for row in rows(artifacts):
        table.add_row(row.target, row.size, row.accuracy, row.agreement, row.largest, row.verdict)
    Console(highlight=False, markup=False).print(table)


def write(folder: Path, manifest: Manifest, artifacts: Sequence[Artifact], evidence: Evidence) -> None:
    """Write `report.html`, one file that needs no other, and `report.md` into `folder`."""
    values: dict[str, Any] = {"manifest": manifest, "rows": rows(artifacts)}
    (folder / MARKDOWN).write_text(template("report.md.jinja").render(values), encoding="utf-8")
    values["chart"] = size_against_accuracy(artifacts, evidence.accuracy)
    values["drifts"] = _drifts(artifacts, evidence, manifest.model["labels"])
    (folder / HTML).write_text(template("report.html.jinja").render(values), encoding="utf-8")


def template(name: str) -> Any:
    """A template of this package by its file name, as in `report.html.jinja`."""
    from jinja2 import ChoiceLoader, Environment, PackageLoader

    environment: Environment = Environment(
        loader=ChoiceLoader([PackageLoader(f"export.{room}", ".") for room in ("report", "bench")]),
        # Names may come from somebody's model, data or runtime.
        autoescape=".html." in name,
        finalize=_as_markdown if ".md." in name else _as_line,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["percent"] = percent
    return environment.get_template(name)


def _as_line(value: Any) -> Any:
    """A text as one line; anything else as it is, markup of ours included."""
    return plain(value) if type(value) is str else value


def _as_markdown(value: Any) -> str:
    """A value as text that Markdown, and the HTML that it may hold, take for nothing else."""
    text = html.escape(plain(str(value)), quote=False)
    return re.sub(r"[\\`*_\[\]|~]", r"\\\g<0>", text)


def _row(artifact: Artifact) -> Row:
    parity = artifact.parity
    comparison = parity.comparison
    return Row(
        target=artifact.target.name,
        purpose=artifact.target.purpose,
        size=f"{artifact.bytes:,}",
        accuracy=percent(comparison.accuracy if comparison else None),
        agreement=percent(comparison.top1_agreement if comparison else None),
        decided=_decided_text(parity),
        largest="-" if parity.max_abs_diff is None else f"{parity.max_abs_diff:.2g}",
        budget=_budget_text(parity.budget),
        verdict="pass" if parity.passed else "FAIL",
        passed=parity.passed,
        runtimes=", ".join(f"{run.runtime} ({run.samples:,})" for run in parity.runs),
        failures=parity.failures,
    )


def percent(share: float | None) -> str:
    """Two decimals, cut and not rounded: 99.996% must not read as 100%."""
    if share is None:
        return "-"
    hundredths = math.floor(share * 1e4 + 1e-6)  # 0.9951 * 1e4 may end just below 9951
    return f"{hundredths / 100:.2f}%"


def _decided_text(parity: ParityResult) -> str:
    """What the budget judges, where that isn't every answer."""
    run = parity.comparison
    if not run or not run.not_clear_cut:
        return ""
    return f"{percent(run.clear_cut_agreement)} of the {run.samples - run.not_clear_cut:,} decided"


def _budget_text(budget: Budget) -> str:
    decided = " of those decided" if budget.quantization_levels else ""
    parts = [f"same answers ≥ {100 * budget.min_top1_agreement:g}%{decided}"]
    if budget.max_abs_diff is not None:
        parts.insert(0, f"difference ≤ {budget.max_abs_diff:g}")
    if budget.max_accuracy_drop is not None:
        parts.append(f"accuracy drop ≤ {100 * budget.max_accuracy_drop:g} points")
    return ", ".join(parts)


def _drifts(
    artifacts: Sequence[Artifact], evidence: Evidence, labels: Sequence[str]
) -> dict[str, list[Drift]]:
    """For each artifact that could be compared, the images on which it drifts most."""
    answers = evidence.reference.argmax(axis=1)
    return {
        artifact.target.name: [
            Drift(
                _picture(evidence.images[index]),
                labels[evidence.labels[index]],
                labels[answers[index]],
            )
            for index in comparison.worst
        ]
        for artifact in artifacts
        if (comparison := artifact.parity.comparison)
    }


def _picture(image: Any) -> str:
    from PIL import Image

    content = io.BytesIO()
    Image.fromarray(image[..., 0] if image.shape[-1] == 1 else image).save(content, "PNG")
    return "data:image/png;base64," + base64.b64encode(content.getvalue()).decode()
