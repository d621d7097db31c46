"""The manifest: read back, refused when it isn't one, and held against the files."""

import json
import shutil
from pathlib import Path

import pytest

from export.errors import IntegrityError, ManifestError
from export.manifest import read_manifest, verify


@pytest.fixture
def copy(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "artifacts"))


def test_every_file_that_was_written_is_answered_for(built: Path) -> None:
    on_disk = {file.relative_to(built).as_posix() for file in built.rglob("*") if file.is_file()}
    named = {record.path for record in read_manifest(built).records()}
    assert on_disk - named == {"manifest.json", "report.html", "report.md"}
    assert named <= on_disk
    assert verify(built) == len(named)


def test_a_flipped_bit_in_any_file_is_found_and_named(copy: Path) -> None:
    for record in read_manifest(copy).records():
        path = copy / record.path
        good = path.read_bytes()
        bad = bytearray(good)
        bad[len(bad) // 2] ^= 1
        path.write_bytes(bad)
        with pytest.raises(IntegrityError, match=record.path.replace(".", r"\.")):
            verify(copy)
        path.write_bytes(good)
    verify(copy)


@pytest.mark.parametrize("keep", [0, 1, 0.5, -1])
def test_a_truncated_file_is_found(copy: Path, keep: float) -> None:
    path = copy / "tflite" / "int8.tflite"
    good = path.read_bytes()
    path.write_bytes(good[: int(keep * len(good))] if 0 < keep < 1 else good[: int(keep)])
    with pytest.raises(IntegrityError, match=r"int8\.tflite of \d+ bytes instead of"):
        verify(copy)


def test_missing_files_are_all_named(copy: Path) -> None:
    shutil.rmtree(copy / "tfjs" / "layers")
    (copy / "model.h5").unlink()
    with pytest.raises(IntegrityError, match=r"model\.h5 unreadable.*tfjs/layers/model\.json unreadable"):
        verify(copy)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"schema_version": 1}', "\ud800"])
def test_something_else_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(ManifestError, match="expected a manifest"):
        read_manifest(tmp_path)


def test_a_missing_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="found no file"):
        verify(tmp_path)


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        (("schema_version",), 2, "schema version"),
        (("targets",), 3, "found something else"),
        (("targets", 0, "files", 0, "path"), "../../etc/passwd", "paths within"),
        (("targets", 0, "files", 0, "path"), "/etc/passwd", "paths within"),
        (("model", "path"), "..\\secret", "paths within"),
        (("site", 0), {"path": "x"}, "found something else"),
        (("model",), None, "found something else"),
    ],
)
def test_a_damaged_one_is_refused(
    copy: Path, path: tuple[str | int, ...], value: object, complaint: str
) -> None:
    values = json.loads((copy / "manifest.json").read_bytes())
    inner = values
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    (copy / "manifest.json").write_text(json.dumps(values))
    with pytest.raises(ManifestError, match=complaint) as caught:
        verify(copy)
    assert "\n" not in str(caught.value)
