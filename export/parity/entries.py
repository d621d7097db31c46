"""The manifest's entries: their form, and those on parity, written and read back."""

import json
from dataclasses import asdict
from typing import Any, NotRequired, TypedDict

from export.parity.results import (
    Artifact,
    ComparedRun,
    IncomparableRun,
    ParityResult,
    Probing,
    Run,
    UnsupportedRun,
)
from export.target import Budget
from train.contract import InputContract
from train.input.json_form import misfit

# Keys of `manifest.json` that differ from the attributes' names; its schema is older.
KEYS = {
    "clear_cut_agreement": "decided_agreement",
    "not_clear_cut": "undecided",
    "quantization_levels": "levels",
}
ATTRIBUTES = {key: name for name, key in KEYS.items()}


class FileEntry(TypedDict):
    """A file, as `export.parity.results.FileRecord`."""

    path: str
    bytes: float
    sha256: str


class TargetFiles(TypedDict):
    """The files of a target."""

    name: str
    files: list[FileEntry]


class KitEntry(TypedDict):
    """A kit, as `export.kits`."""

    name: str
    title: str
    variants: list[str]
    done: str
    how: str
    max_abs_diff: float | None
    files: list[FileEntry]


class Files(TypedDict):
    """All that names a file in a manifest."""

    model: FileEntry
    targets: list[TargetFiles]
    kits: NotRequired[list[KitEntry]]
    site: list[FileEntry]
    reports: NotRequired[list[FileEntry]]


class ModelEntry(TypedDict):
    """How the reference model is understood."""

    labels: list[str]
    input_shape: tuple[int, int, int]
    scale: NotRequired[str]
    output: NotRequired[str | None]


class DatasetEntry(TypedDict):
    """What the exported models were compared on."""

    name: str
    sha256: str


class ReferenceEntry(TypedDict):
    """The reference model's figures."""

    runtime: str
    accuracy: float | None
    mean_abs_error: NotRequired[float | None]


class RunEntry(TypedDict):
    """What all kinds of runs have."""

    runtime: str
    samples: int
    max_abs_diff: float | None
    failures: list[str]
    refused: str | None


class BrowserRunEntry(RunEntry):
    """A run in a browser; one in an engine that can't run the model neither passed nor failed."""

    top1_agreement: float | None
    passed: bool | None


class ParityEntry(TypedDict):
    """The verdict on an exported model."""

    accuracy: float | None
    budget: dict[str, Any]
    runs: list[RunEntry]
    browser: NotRequired[list[BrowserRunEntry]]


class TargetEntry(TypedDict):
    """An exported model."""

    name: str
    parity: ParityEntry


class Unsupported(TypedDict):
    """A target that the model can't be exported to."""

    name: str
    reason: str


class Entries(TypedDict):
    """All that a command reads of a manifest, apart from the files."""

    model: ModelEntry
    contract: InputContract
    dataset: DatasetEntry
    reference: ReferenceEntry
    versions: dict[str, str]
    targets: list[TargetEntry]
    keys: dict[str, str]
    unsupported: list[Unsupported]


def misfit_of_entries(values: dict[str, Any]) -> str | None:
    """Why a manifest's entries aren't of the form that commands rely on; None if they are."""
    if reason := misfit(values, Entries, "manifest"):
        return reason
    if min(values["model"]["input_shape"]) < 1:
        return "manifest.model.input_shape to be of 1 or more pixels, found less"
    reasons = (_misfit_of_parity(entry["parity"], entry["name"]) for entry in values["targets"])
    return next(filter(None, reasons), None)


def _misfit_of_parity(entry: dict[str, Any], target: str) -> str | None:
    if not entry["runs"]:
        return f"the parity of {target} to have runs, found none"
    parts: list[tuple[str, dict[str, Any], type]] = [
        ("budget", _renamed(entry["budget"], ATTRIBUTES), Budget)
    ]
    parts += [
        (f"runs[{place}]", _values_of_run(run), ComparedRun)
        for place, run in enumerate(entry["runs"])
        if run["max_abs_diff"] is not None and run["refused"] is None
    ]
    reasons = (misfit(value, form, f"the parity of {target}.{where}") for where, value, form in parts)
    return next(filter(None, reasons), None)


def target_entry(artifact: Artifact) -> dict[str, Any]:
    """An artifact as the manifest has it: the first engine's figures, the largest difference of any."""
    parity = artifact.parity
    return {
        "name": artifact.target.name,
        "bytes": artifact.bytes,
        "files": [asdict(file) for file in artifact.files],
        **({} if artifact.operations is None else {"operations": artifact.operations}),
        "parity": {
            **{name: value for name, value in run_entry(parity.runs[0]).items() if name != "worst"},
            "max_abs_diff": parity.max_abs_diff,
            "passed": parity.passed,
            "failures": list(parity.failures),
            "budget": _renamed(asdict(parity.budget), KEYS),
            "runs": [run_entry(run) for run in parity.runs],
        },
    }


def run_entry(run: Run) -> dict[str, Any]:
    """A run as the manifest has it. All kinds of runs have the same keys, with None for what one lacks."""
    entry = {
        **{"runtime": run.runtime, "samples": run.samples},
        **dict.fromkeys(("max_abs_diff", "mean_abs_diff", "top1_agreement", "decided_agreement")),
        **{"undecided": 0, "ties": 0, "accuracy": None, "failures": list(run.failures)},
        **{"worst": [], "lost_classes": []},
        **{"max_logit_diff": None, "probing": None, "refused": None, "mean_abs_error": None},
    }
    if isinstance(run, ComparedRun):
        return entry | _renamed(asdict(run), KEYS)
    return entry | {"refused": run.reason} if isinstance(run, UnsupportedRun) else entry


def read_parity(entry: dict[str, Any]) -> ParityResult:
    """The verdict on an artifact, from its entry in a manifest."""
    budget = Budget(**_renamed(entry["parity"]["budget"], ATTRIBUTES))
    return ParityResult(tuple(_read_run(run) for run in entry["parity"]["runs"]), budget)


def _read_run(entry: dict[str, Any]) -> Run:
    runtime, samples, unsupported = entry["runtime"], entry["samples"], entry["refused"]
    if unsupported is not None:
        return UnsupportedRun(runtime, unsupported)
    if entry["max_abs_diff"] is None:
        return IncomparableRun(runtime, samples, *entry["failures"])
    values = _values_of_run(entry)
    probing = values["probing"] and Probing(**values["probing"])
    names = ("failures", "worst", "lost_classes")
    sequences: dict[str, Any] = {name: tuple(values.get(name, ())) for name in names}
    return ComparedRun(**{**values, **sequences, "probing": probing})


def _values_of_run(entry: dict[str, Any]) -> dict[str, Any]:
    values = _renamed(entry, ATTRIBUTES)
    del values["refused"]
    return values


def _renamed(values: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """The same values as JSON holds them, with other keys at any depth."""

    def rename(found: dict[str, Any]) -> dict[str, Any]:
        return {names.get(key, key): value for key, value in found.items()}

    renamed: dict[str, Any] = json.loads(json.dumps(values), object_hook=rename)
    return renamed
