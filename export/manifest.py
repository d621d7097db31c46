"""The manifest: what was built, from what, and how each exported model compares."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from export.errors import IntegrityError, ManifestError
from export.parity.results import (
    Artifact,
    ComparedRun,
    Damage,
    FileRecord,
    IncomparableRun,
    ParityResult,
    Probing,
    Run,
    UnsupportedRun,
    sha256_of,
)
from export.target import Budget
from train.output.transaction import recover

SCHEMA_VERSION = 1
NAME = "manifest.json"
# Keys of `manifest.json` that differ from the attributes' names; its schema is older.
KEYS = {
    "clear_cut_agreement": "decided_agreement",
    "not_clear_cut": "undecided",
    "quantization_levels": "levels",
}
ATTRIBUTES = {key: name for name, key in KEYS.items()}


@dataclass(frozen=True, slots=True)
class Manifest:
    """`manifest.json` as read or to be written; the fields are its keys.

    Attributes:
        model: path, bytes, sha256, parameters, input_shape and labels of the reference model.
        contract: The input contract, see `train.contract`.
        dataset: name, sha256, split and samples of what the exported models were compared on.
        reference: runtime and accuracy of the reference model.
        versions: Of everything that took part.
        targets: name, bytes, files and parity of each exported model.
        unsupported: name of each target that the model can't be exported to, and the reason.
        site: The files of the page; empty where none was built.
        reports: The files of the report.
        keys: SHA-256 over all that a stage read, by stage: see `export.pipeline.stage_cache`.
    """

    model: dict[str, Any]
    contract: dict[str, Any]
    dataset: dict[str, Any]
    reference: dict[str, Any]
    versions: dict[str, str]
    targets: list[dict[str, Any]]
    site: list[dict[str, Any]]
    reports: list[dict[str, Any]] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    unsupported: list[dict[str, str]] = field(default_factory=list)

    def write(self, folder: Path) -> None:
        """Write `manifest.json` into `folder`; its `sha256` is that of its own bytes without these digits."""
        values = {"schema_version": SCHEMA_VERSION, "sha256": "", **asdict(self)}
        text = json.dumps(values, indent=1) + "\n"
        digest = hashlib.sha256(text.encode()).hexdigest()
        sealed = text.replace('"sha256": ""', f'"sha256": "{digest}"', 1)
        (folder / NAME).write_text(sealed, encoding="utf-8")

    @property
    def target_names(self) -> list[str]:
        """Names of the targets that were built."""
        return [target["name"] for target in self.targets]

    @property
    def model_file(self) -> FileRecord:
        """The reference model's file."""
        return FileRecord(self.model["path"], self.model["bytes"], self.model["sha256"])

    def records(self) -> Iterator[FileRecord]:
        """Every file that the manifest names."""
        yield self.model_file
        for target in self.targets:
            yield from (FileRecord(**file) for file in target["files"])
        yield from (FileRecord(**file) for file in [*self.site, *self.reports])


def read_manifest(folder: Path) -> Manifest:
    """Read `manifest.json` in `folder`.

    What a killed run has left half in place is put there first.

    Raises:
        ManifestError: If it is missing, isn't of this version, or names a file outside of `folder`.
        InkproofError: If something is half in place and can't be put there.
    """
    recover(folder)
    path = folder / NAME
    try:
        values = json.loads(path.read_bytes())
        schema, _ = values.pop("schema_version"), values.pop("sha256")
        manifest = Manifest(**values)
        outside = [record.path for record in manifest.records() if not _lies_within(record.path)]
    except FileNotFoundError:
        raise ManifestError(
            f"expected {path}, found no file: build it with python -m export all --out {folder}"
        ) from None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ManifestError(
            f"expected a manifest at {path}, found something else ({type(error).__name__}: {error}): "
            "build it again with python -m export all"
        ) from None
    if schema != SCHEMA_VERSION:
        raise ManifestError(
            f"expected schema version {SCHEMA_VERSION} in {path}, found {schema!r}: build it again"
        )
    if outside:
        raise ManifestError(f"expected paths within {folder} in {path}, found {outside[0]!r}: build it again")
    return manifest


def damaged_files(folder: Path, manifest: Manifest) -> list[Damage]:
    """The files on disk that aren't those that the manifest names."""
    return [found for record in manifest.records() if (found := record.damage(folder))]


def manifest_damage(folder: Path) -> Damage | None:
    """What is wrong with the manifest itself, or None if it is as it was written.

    Raises:
        ManifestError: See `read_manifest`.
    """
    read_manifest(folder)
    content = (folder / NAME).read_bytes()
    written = json.loads(content)["sha256"]
    found = hashlib.sha256(content.replace(str(written).encode(), b"", 1)).hexdigest()
    return None if found == written else Damage(folder / NAME, "with another content")


def verify(folder: Path) -> int:
    """Check size and SHA-256 of every file against the manifest; return how many there are.

    Raises:
        ManifestError: See `read_manifest`.
        IntegrityError: If a file is missing or another one; it names all of them.
    """
    manifest, damaged = _inspect(folder)
    if damaged:  # or a run has just put others in their place: on a second look those are whole
        manifest, damaged = _inspect(folder)
    demand_whole(folder, damaged)
    return len(list(manifest.records()))


def demand_whole(folder: Path, damaged: Sequence[Damage]) -> None:
    """Fail if a file in an output folder is damaged.

    Raises:
        IntegrityError: If one is; it names all of them.
    """
    if damaged:
        raise IntegrityError(
            f"expected the files that {folder / NAME} names, found {'; '.join(map(str, damaged))}: "
            "build them again with python -m export all"
        )


def _inspect(folder: Path) -> tuple[Manifest, list[Damage]]:
    manifest = read_manifest(folder)
    itself = manifest_damage(folder)
    return manifest, [*([itself] if itself else []), *damaged_files(folder, manifest)]


def record(path: Path, folder: Path) -> FileRecord:
    """Size and SHA-256 of a file, its path relative to `folder`."""
    return FileRecord(path.relative_to(folder).as_posix(), path.stat().st_size, sha256_of(path))


def record_all(path: Path, folder: Path) -> tuple[FileRecord, ...]:
    """Records of a file, or of every file in a folder, by name."""
    files = [path] if path.is_file() else sorted(item for item in path.rglob("*") if item.is_file())
    return tuple(record(file, folder) for file in files)


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


def _lies_within(path: str) -> bool:
    pure = PurePosixPath(path)
    return not pure.is_absolute() and ".." not in pure.parts and "\\" not in path and "\0" not in path
