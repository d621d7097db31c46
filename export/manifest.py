"""The manifest: what was built, from what, and how each exported model compares."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from export.errors import IntegrityError, ManifestError
from export.parity.entries import read_parity, run_entry, target_entry
from export.parity.other_files import other_files
from export.parity.results import Damage, FileRecord, sha256_of
from train.output.transaction import recover

__all__ = [
    "NAME",
    "TRAINING",
    "Manifest",
    "damaged_files",
    "demand_whole",
    "manifest_damage",
    "read_manifest",
    "read_parity",
    "record",
    "record_all",
    "run_entry",
    "target_entry",
    "unnamed_files",
    "verify",
]

SCHEMA_VERSION = 1
NAME = "manifest.json"
TRAINING = "training"
FOLDERS = ("tfjs", "tflite", "web")  # which hold no other files than the manifest names


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
        training: The files that `python -m train` has left in `training/`; None where it has left none.
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
    training: list[dict[str, Any]] | None = None

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
        yield from (FileRecord(**file) for file in [*self.site, *self.reports, *(self.training or [])])


def read_manifest(folder: Path) -> Manifest:
    """Read `manifest.json` in `folder`.

    What a killed run has left half in place is put there first.

    Raises:
        ManifestError: If it is missing, isn't of this version, or names a file outside of `folder`.
        InkproofError: If something is half in place and can't be put there.
    """
    return _parsed(_content(folder), folder)


def _content(folder: Path) -> bytes:
    """The bytes of the manifest, read once: what is compared with a digest is what is used."""
    recover(folder)
    path = folder / NAME
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ManifestError(
            f"expected {path}, found no file: build it with python -m export all --out {folder}"
        ) from None
    except OSError as error:
        raise _no_manifest(path, error) from None


def _parsed(content: bytes, folder: Path) -> Manifest:
    path = folder / NAME
    try:
        values = json.loads(content)
        schema, _ = values.pop("schema_version"), values.pop("sha256")
        manifest = Manifest(**values)
        outside = [record.path for record in manifest.records() if not _lies_within(record.path)]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _no_manifest(path, error) from None
    if schema != SCHEMA_VERSION:
        raise ManifestError(
            f"expected schema version {SCHEMA_VERSION} in {path}, found {schema!r}: build it again"
        )
    if outside:
        raise ManifestError(f"expected paths within {folder} in {path}, found {outside[0]!r}: build it again")
    return manifest


def _no_manifest(path: Path, error: Exception) -> ManifestError:
    return ManifestError(
        f"expected a manifest at {path}, found something else ({type(error).__name__}: {error}): "
        "build it again with python -m export all"
    )


def damaged_files(folder: Path, manifest: Manifest) -> list[Damage]:
    """The files on disk that aren't those that the manifest names."""
    return [found for record in manifest.records() if (found := record.damage(folder))]


def manifest_damage(folder: Path) -> Damage | None:
    """What is wrong with the manifest itself, or None if it is as it was written.

    Raises:
        ManifestError: See `read_manifest`.
    """
    content = _content(folder)
    _parsed(content, folder)
    return _own_damage(content, folder)


def _own_damage(content: bytes, folder: Path) -> Damage | None:
    written = json.loads(content)["sha256"]
    found = hashlib.sha256(content.replace(str(written).encode(), b"", 1)).hexdigest()
    return None if found == written else Damage(folder / NAME, "with another content")


def unnamed_files(folder: Path, manifest: Manifest) -> list[Damage]:
    """What lies in the folders of the exported models, the page and the training beside their files."""
    tops = FOLDERS if manifest.training is None else (*FOLDERS, TRAINING)
    return other_files([folder / top for top in tops], {folder / one.path for one in manifest.records()})


def verify(folder: Path, expected: str | None = None) -> int:
    """Check size and SHA-256 of every file against the manifest; return how many there are.

    Args:
        folder: The output folder.
        expected: The SHA-256 of `manifest.json`, 64 hexadecimal digits, from where nobody can change it who
            can change the files; None to believe the manifest.

    Raises:
        ManifestError: See `read_manifest`.
        IntegrityError: If the manifest has another SHA-256 than `expected`, a file is missing or another one,
            or one lies beside them in their folders; it names all of them.
    """
    manifest, damaged = _inspect(folder, expected)
    if damaged:  # or a run has just put others in their place: on a second look those are whole
        manifest, damaged = _inspect(folder, expected)
    if damaged:
        raise IntegrityError(
            f"expected the files that {folder / NAME} names, and in their folders no others, found "
            f"{'; '.join(map(str, damaged))}: build them again with python -m export all, and remove what "
            "it leaves there"
        )
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


def _inspect(folder: Path, expected: str | None) -> tuple[Manifest, list[Damage]]:
    content = _content(folder)
    found = hashlib.sha256(content).hexdigest()
    if expected is not None and found != expected.strip().lower():
        raise IntegrityError(
            f"expected {folder / NAME} with the SHA-256 {expected}, found {found}: fetch the files again "
            "from where that digest comes from"
        )
    manifest, itself = _parsed(content, folder), _own_damage(content, folder)
    damaged = damaged_files(folder, manifest)
    known = {damage.path for damage in damaged}
    unnamed = [other for other in unnamed_files(folder, manifest) if other.path not in known]
    return manifest, [*([itself] if itself else []), *damaged, *unnamed]


def record(path: Path, folder: Path) -> FileRecord:
    """Size and SHA-256 of a file, its path relative to `folder`."""
    return FileRecord(path.relative_to(folder).as_posix(), path.stat().st_size, sha256_of(path))


def record_all(path: Path, folder: Path) -> tuple[FileRecord, ...]:
    """Records of a file, or of every file in a folder but links, by name."""
    inside = sorted(item for item in path.rglob("*") if item.is_file() and not item.is_symlink())
    files = [path] if path.is_file() else inside
    return tuple(record(file, folder) for file in files)


def _lies_within(path: str) -> bool:
    pure = PurePosixPath(path)
    return not pure.is_absolute() and ".." not in pure.parts and "\\" not in path and "\0" not in path
