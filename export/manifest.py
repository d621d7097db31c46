"""The manifest: what was built, from what, and how each exported model compares."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from export.errors import IntegrityError, ManifestError
from export.parity.entries import Files, misfit_of_entries
from export.parity.other_files import other_files
from export.parity.results import Damage, FileRecord
from train.console.text import plain
from train.input.checksum import sha256_of
from train.input.inner_path import stays_inside
from train.input.json_form import misfit
from train.input.json_text import parse_json
from train.input.regular_file import MissingError, UnreadableError, read_regular
from train.output.transaction import recover

SCHEMA_VERSION = 1
NAME = "manifest.json"
TRAINING, KITS = "training", "kit"
FOLDERS = ("tfjs", "tflite", "web", KITS)  # which hold no other files than the manifest names
MOST_FILE_BYTES = 5_000_000_000  # twice all that is exported from the largest model that can be read
MOST_BYTES = 20_000_000  # of the manifest
MOST_NAMED = 100  # damaged files in a message


@dataclass(frozen=True, slots=True)
class Manifest:
    """`manifest.json` as read or to be written; the fields are its keys.

    Attributes:
        model: path, bytes, sha256, parameters, input_shape and labels of the reference model.
        contract: The input contract, see `train.contract`.
        dataset: name, sha256, split and samples of what the exported models were compared on.
        reference: runtime, accuracy and calibration error of the reference model, and from which probability
            on it names a digit.
        versions: Of everything that took part.
        targets: name, bytes, files and parity of each exported model.
        unsupported: name of each target that the model can't be exported to, and the reason.
        site: The files of the page; empty where none was built.
        reports: The files of the report.
        keys: SHA-256 over all that a stage read, by stage: see `export.pipeline.stage_cache`.
        kits: name, title, variants, proof and files of each kit in `kit/`.
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
    kits: list[dict[str, Any]] = field(default_factory=list)
    training: list[dict[str, Any]] | None = None

    def write(self, folder: Path) -> None:
        """Write `manifest.json` into `folder`; its `sha256` is that of its own bytes without these digits."""
        values = {"schema_version": SCHEMA_VERSION, "sha256": "", **asdict(self)}
        text = json.dumps(values, indent=1) + "\n"
        digest = hashlib.sha256(text.encode()).hexdigest()
        sealed = text.replace('"sha256": ""', f'"sha256": "{digest}"', 1)
        (folder / NAME).write_text(sealed, encoding="utf-8", newline="\n")

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
        for entry in (*self.targets, *self.kits):
            yield from (FileRecord(**file) for file in entry["files"])
        yield from (FileRecord(**file) for file in [*self.site, *self.reports, *(self.training or [])])


def read_manifest(folder: Path) -> Manifest:
    """Read `manifest.json` in `folder`.

    What a killed run has left half in place is put there first. Only what names files has a form that can be
    relied on, see `demand_entries`.

    Raises:
        ManifestError: If it is missing, isn't of this version, or names a file outside of `folder`.
        InkproofError: If something is half in place and can't be put there.
    """
    return read_sealed(folder)[0]


def read_sealed(folder: Path, expected: str | None = None) -> tuple[Manifest, Damage | None]:
    """As `read_manifest`, with what is wrong with the manifest if it isn't as it was written, by its hash.

    The file is read once: what is compared with a digest is what is used.

    Raises:
        IntegrityError: If the file has another SHA-256 than `expected`, where there is one.
    """
    recover(folder)
    path = folder / NAME
    try:
        content = read_regular(path, MOST_BYTES)
        _demand_digest(path, content, expected)
        values = parse_json(content)
        if reason := misfit(values, Files, "manifest"):
            raise ValueError(f"expected {reason}")
        schema, written = values.pop("schema_version"), values.pop("sha256")
        manifest = Manifest(**values)
        records = dict.fromkeys(manifest.records())
    except MissingError:
        raise ManifestError(
            f"expected {path}, found no file: build it with python -m export all --out {folder}"
        ) from None
    except UnreadableError as error:
        raise ManifestError(f"expected a manifest at {path}, {error}") from None
    except (ValueError, TypeError, KeyError) as error:
        raise ManifestError(
            f"expected a manifest at {path}, found something else ({plain(str(error), 300)}): "
            "build it again with python -m export all"
        ) from None
    if schema != SCHEMA_VERSION:
        raise ManifestError(
            f"expected schema version {SCHEMA_VERSION} in {path}, found {schema!r}: build it again"
        )
    if outside := next((record.path for record in records if not stays_inside(record.path)), None):
        raise ManifestError(
            f"expected paths within {folder} in {path}, found {plain(outside, 80)!r}: build it again"
        )
    if sum(record.bytes for record in records) > MOST_FILE_BYTES:
        raise ManifestError(
            f"expected files of at most {MOST_FILE_BYTES:,} bytes in {path}, found a claim of more: "
            "build it again"
        )
    digest = hashlib.sha256(content.replace(str(written).encode(), b"", 1)).hexdigest()
    return manifest, None if digest == written else Damage(path, "with another content")


def _demand_digest(path: Path, content: bytes, expected: str | None) -> None:
    found = hashlib.sha256(content).hexdigest()
    if expected is not None and found != expected.strip().lower():
        raise IntegrityError(
            f"expected {path} with the SHA-256 {expected}, found {found}: fetch the files again from where "
            "that digest comes from"
        )


def demand_entries(folder: Path, manifest: Manifest) -> None:
    """Fail if what a manifest says of model, data and parity isn't of the form that the others rely on.

    Raises:
        ManifestError: If it isn't.
    """
    if reason := misfit_of_entries(asdict(manifest)):
        raise ManifestError(f"expected {reason}: build it again with python -m export all --out {folder}")


def damaged_files(folder: Path, manifest: Manifest) -> list[Damage]:
    """The files on disk that aren't those that the manifest names."""
    records = dict.fromkeys(manifest.records())
    return [found for record in records if (found := record.damage(folder))]


def manifest_damage(folder: Path) -> Damage | None:
    """What is wrong with the manifest itself, or None if it is as it was written.

    Raises ManifestError, see `read_manifest`.
    """
    return read_sealed(folder)[1]


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
            f"{_named(damaged)}: build them again with python -m export all, and remove what it leaves there"
        )
    return len(list(manifest.records()))


def demand_whole(folder: Path, damaged: Sequence[Damage]) -> None:
    """Fail if a file in an output folder is damaged.

    Raises:
        IntegrityError: If one is; it names all of them, or the first hundred.
    """
    if damaged:
        raise IntegrityError(
            f"expected the files that {folder / NAME} names, found {_named(damaged)}: build them again with "
            "python -m export all"
        )


def _named(damaged: Sequence[Damage]) -> str:
    """Damaged files, or the first hundred."""
    more = f"; and {len(damaged) - MOST_NAMED:,} more" if len(damaged) > MOST_NAMED else ""
    return "; ".join(map(str, damaged[:MOST_NAMED])) + more


def _inspect(folder: Path, expected: str | None) -> tuple[Manifest, list[Damage]]:
    manifest, itself = read_sealed(folder, expected)
    damaged = [*([itself] if itself else []), *damaged_files(folder, manifest)]
    known = {damage.path for damage in damaged}
    return manifest, damaged + [other for other in unnamed_files(folder, manifest) if other.path not in known]


def record(path: Path, folder: Path) -> FileRecord:
    """Size and SHA-256 of a file, its path relative to `folder`."""
    return FileRecord(path.relative_to(folder).as_posix(), path.stat().st_size, sha256_of(path))


def record_all(path: Path, folder: Path) -> tuple[FileRecord, ...]:
    """Records of a file, or of every file in a folder but links, by name."""
    files = (item for item in path.rglob("*") if item.is_file() and not item.is_symlink())
    inside = sorted(files, key=lambda file: file.relative_to(path).parts)  # of Windows, paths sort otherwise
    return tuple(record(file, folder) for file in ([path] if path.is_file() else inside))
