"""Artifacts, runs and verdicts as `manifest.json` has them, and read back from there."""

import json
from dataclasses import asdict
from typing import Any

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

# Keys of `manifest.json` that differ from the attributes' names; its schema is older.
KEYS = {
    "clear_cut_agreement": "decided_agreement",
    "not_clear_cut": "undecided",
    "quantization_levels": "levels",
}
ATTRIBUTES = {key: name for name, key in KEYS.items()}


def target_entry(artifact: Artifact) -> dict[str, Any]:
    """An artifact as the manifest has it: the first engine's figures, the largest difference of any."""
    parity = artifact.parity
    return {
        "name": artifact.target.name,
        "bytes": artifact.bytes,
        "files": [asdict(file) for file in artifact.files],
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
        **{"undecided": 0, "ties": 0, "accuracy": None, "failures": list(run.failures), "worst": []},
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
    values = _renamed(entry, ATTRIBUTES)
    del values["refused"]
    probing = values["probing"] and Probing(**values["probing"])
    sequences = {name: tuple(values[name]) for name in ("failures", "worst")}
    return ComparedRun(**{**values, **sequences, "probing": probing})


def _renamed(values: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """The same values as JSON holds them, with other keys at any depth."""

    def rename(found: dict[str, Any]) -> dict[str, Any]:
        return {names.get(key, key): value for key, value in found.items()}

    renamed: dict[str, Any] = json.loads(json.dumps(values), object_hook=rename)
    return renamed
