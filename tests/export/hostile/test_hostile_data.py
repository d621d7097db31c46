"""Datasets and manifests that are hostile or broken: one line on stderr, little memory, nothing written."""

import io
import json
import os
import pickle
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.integration

GREY = np.zeros((12, 6, 5), np.uint8)
LABELS = np.arange(12, dtype=np.uint8) % 3
GOOD = {"x_train": GREY, "y_train": LABELS, "x_test": GREY, "y_test": LABELS}


class Bomb:
    """Makes a file if it is ever unpickled."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.canary,)


def npy(array: Any) -> bytes:
    content = io.BytesIO()
    np.save(content, array)
    return content.getvalue()


def claim(shape: object, descr: str = "|u1") -> bytes:
    """An array of which there is nothing but the header."""
    header = str({"descr": descr, "fortran_order": False, "shape": shape}).encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header


def endless_header() -> bytes:
    """A header of 100 MB, and it could be 4 GB, which NumPy reads before it says that it is too long."""
    return b"\x93NUMPY\x02\x00" + struct.pack("<I", 100_000_000) + b" " * 100_000_000


def archive(path: Path, method: int = zipfile.ZIP_STORED, **members: bytes) -> Path:
    contents = {f"{name}.npy": npy(array) for name, array in GOOD.items()}
    contents |= {f"{name}.npy": content for name, content in members.items()}
    with zipfile.ZipFile(path, "w", method) as file:
        for name, content in contents.items():
            file.writestr(name, content)
    return path


def with_member(name: str, mode: int = 0) -> Callable[[Path, Path], object]:
    def make(path: Path, _: Path) -> None:
        with zipfile.ZipFile(archive(path), "a") as file:
            member = zipfile.ZipInfo(name)
            member.external_attr = mode << 16
            file.writestr(member, "/etc/passwd")

    return make


def holding(method: int = zipfile.ZIP_STORED, **members: bytes) -> Callable[[Path, Path], object]:
    return lambda path, _: archive(path, method, **members)


def saving(**arrays: Any) -> Callable[[Path, Path], object]:
    return lambda path, _: np.savez(path, **{**GOOD, **arrays})


def unpickling(path: Path, canary: Path) -> None:
    np.savez(path, **{**GOOD, "y_test": np.array([Bomb(canary)], dtype=object)})


def large(path: Path, _: Path) -> None:
    """Each array within bounds, all of them not."""
    archive(path, x_train=claim((500_000_000, 1)), x_test=claim((500_000_000, 1)))


def renamed(path: Path, _: Path) -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a\n\x1b[31mb\u202e.npy", npy(GREY))


DAMAGED = "found a damaged one"
DATA: dict[str, tuple[Callable[[Path, Path], object], str]] = {
    "missing": (lambda path, _: None, "found no file"),
    "empty folder": (lambda path, _: path.mkdir(), "found none"),
    "empty": (lambda path, _: path.touch(), DAMAGED),
    "text": (lambda path, _: path.write_text("text"), DAMAGED),
    "bare pickle": (lambda path, canary: path.write_bytes(pickle.dumps(Bomb(canary))), DAMAGED),
    "pickled array": (unpickling, "pickles are never loaded"),
    "10^12 pictures": (holding(x_train=claim((10**12,))), "a claim of 1,000,000,000,000"),
    "minus 10^12 labels": (holding(y_train=claim((-(10**12),))), "a claim of 1,000,000,000,000"),
    "too many to count": (holding(x_test=claim((2**62, 2**62))), "a claim of"),
    "letters of 4 GB": (holding(x_train=claim((1,), "<U1000000000")), "expected numbers"),
    "two large arrays": (large, "in all arrays of"),
    "header of 100 MB": (holding(zipfile.ZIP_DEFLATED, x_train=endless_header()), DAMAGED),
    "header of brackets": (holding(x_train=claim("(" * 9000)), DAMAGED),
    "bzip2": (holding(zipfile.ZIP_BZIP2, x_train=bytes(10**7)), "compressed"),
    "lzma": (holding(zipfile.ZIP_LZMA, x_train=bytes(10**7)), "compressed"),
    "member that leads out": (with_member("../../out.npy"), "leads out"),
    "absolute member": (with_member("/etc/out.npy"), "leads out"),
    "linked member": (with_member("x_val.npy", stat.S_IFLNK | 0o777), "is a link"),
    "name with an escape sequence": (renamed, "found"),
    "missing array": (lambda path, _: np.savez(path, x_train=GREY), "expected the arrays"),
    "standardized pixels": (saving(x_test=GREY - 1.5), "before any normalisation"),
    "a pixel that is no number": (
        saving(x_train=GREY + np.where(LABELS == 0, np.nan, 1)[:, None, None]),
        "NaN",
    ),
    "labels of one form to train on": (saving(y_train=np.eye(3)[LABELS]), "one form"),
    "a label that is no number": (saving(y_test=np.where(LABELS == 0, np.nan, LABELS)), "NaN"),
    "infinite label": (saving(y_test=LABELS + 1e999), "infinity"),
    "label -1": (saving(y_train=LABELS.astype(np.int8) - 1), "number the classes from 0"),
    "fewer labels": (saving(y_test=LABELS[:5]), "one for each picture"),
    "rows of 30 pixels": (saving(x_train=GREY.reshape(12, -1)), "no square"),
    "named pipe": (lambda path, _: os.mkfifo(path), "found a named pipe"),
    "link to what has no end": (lambda path, _: path.symlink_to("/dev/zero"), "found a device"),
    "1 TB of nothing": (lambda path, _: sparse(path), "more than 2,000,000,000 bytes"),
    "numbers of 4,000 digits": (holding(x_train=claim((10**4000, 10**4000))), "more than any memory holds"),
    "names of 64 kB": (
        lambda path, _: np.savez(path, x_train=GREY, y_train=np.full(12, "a" * 65_000)),
        "texts of 260,000 bytes",
    ),
    "labels of 400 MB": (holding(y_train=claim((12, 40_000_000), "<u1")), "in the labels of"),
    "records": (saving(y_train=np.zeros(12, [("a", "u1")])), "expected numbers"),
    "grey level 256": (saving(x_train=GREY.astype(np.int16) + 256), "0..255"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture(scope="module")
def refused(folder: Path, run_all: Callable[..., Any]) -> dict[str, Any]:
    """All datasets through the command line."""
    lines = []
    for number, (make, _) in enumerate(DATA.values()):
        path = folder / f"{number}.npz"
        make(path, folder / "canary")
        lines.append(["all", "--data", path])
    (folder / "work").mkdir()
    found = dict(zip(DATA, run_all("export", lines, folder / "work"), strict=True))
    assert not list((folder / "work").iterdir())  # nothing written
    return found


@pytest.mark.parametrize("name", DATA)
def test_a_dataset_is_refused(name: str, refused: dict[str, Any], folder: Path) -> None:
    refused[name].refused(saying=DATA[name][1])
    assert not (folder / "canary").exists()


def manifest(**values: Any) -> bytes:
    file = {"path": "model.h5", "bytes": 3, "sha256": "0" * 64}
    good = {
        "schema_version": 1,
        "sha256": "",
        "model": file,
        "contract": {},
        "dataset": {"sha256": "", "name": ""},
    }
    rest: dict[str, Any] = {"reference": {}, "versions": {}, "targets": [], "site": []}
    return json.dumps({**good, **rest, **values}).encode()


def naming(path: str) -> bytes:
    return manifest(site=[{"path": path, "bytes": 0, "sha256": "0" * 64}])


MANIFESTS: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"{", "something else"),
    "no text": (b"\xff\xfe\x00", "something else"),
    "a list": (b"[]", "something else"),
    "100,000 levels": (b"[" * 100_000, "something else"),
    "another version": (manifest(schema_version=9), "schema version 1"),
    "another key": (manifest(run="rm"), "something else"),
    "half a character": (manifest(versions={"a": "\ud800"}), "half a character"),
    "5,000 digits": (b'{"schema_version": ' + b"9" * 5000 + b"}", "something else"),
    "a size that is a text": (
        manifest(model={"path": "a", "bytes": "3", "sha256": ""}),
        "model.bytes to be a number",
    ),
    "files that are no list": (manifest(site=3), "site to be a list"),
    "a claim of 6 GB": (manifest(site=[{"path": "a", "bytes": 6 * 10**9, "sha256": ""}]), "a claim of more"),
    "a named pipe": (naming("pipe"), "unreadable (found a named pipe)"),
    "path that leads out": (naming("../../../etc/passwd"), "paths within"),
    "absolute path": (naming("/etc/passwd"), "paths within"),
    "path with a null byte": (naming("a\0b"), "paths within"),
    "path with a line end": (naming("a\nb"), "unreadable"),
    "link out of the folder": (naming("passwd"), "is a link out of"),
    "link to what has no end": (naming("zero"), "is a link out of"),
    "another content": (manifest(), "another content"),
}


@pytest.mark.parametrize("command", ["verify", "check"])
def test_a_manifest_is_refused(command: str, tmp_path: Path, run_all: Callable[..., Any]) -> None:
    lines = []
    for number, (content, _) in enumerate(MANIFESTS.values()):
        out = tmp_path / str(number)
        out.mkdir()
        (out / "manifest.json").write_bytes(content)
        (out / "model.h5").write_bytes(b"abc")
        (out / "passwd").symlink_to("/etc/passwd")
        (out / "zero").symlink_to("/dev/zero")
        os.mkfifo(out / "pipe")
        lines.append([command, "--out", out])
    before = sorted(tmp_path.rglob("*"))
    outcomes = dict(zip(MANIFESTS, run_all("export", lines, tmp_path), strict=True))
    assert sorted(tmp_path.rglob("*")) == before
    for name, outcome in outcomes.items():
        outcome.refused(saying=MANIFESTS[name][1] if command == "verify" else "expected")


def pipe(path: Path) -> None:
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, 10**12)


@pytest.mark.parametrize("command", ["verify", "check", "bench"])
def test_what_is_no_file_is_no_manifest(command: str, tmp_path: Path, run_all: Callable[..., Any]) -> None:
    lines = []
    makers: list[Callable[[Path], object]] = [pipe, endless, sparse, Path.mkdir]
    for number, make in enumerate(makers):
        out = tmp_path / str(number)
        out.mkdir()
        make(out / "manifest.json")
        lines.append([command, "--out", out])
    for outcome in run_all("export", lines, tmp_path):
        outcome.refused(saying="expected a manifest at")


DRAWING = b'{"label": 1, "strokes": [[[0, 0], [1, 1]]]}\n'
DRAWINGS: dict[str, tuple[Callable[[Path], object], str]] = {
    "pipe": (pipe, "found a named pipe"),
    "endless": (endless, "found a device"),
    "sparse": (sparse, "more than 200,000,000 bytes"),
    "label 20000": (
        lambda path: path.write_bytes(DRAWING + DRAWING.replace(b"1,", b"20000,", 1)),
        "line 2 of",
    ),
    "label 1e999": (lambda path: path.write_bytes(DRAWING.replace(b"1,", b"1e999,", 1)), "line 1 of"),
    "400 digits": (
        lambda path: path.write_bytes(DRAWING.replace(b"[1,", b"[" + b"9" * 400 + b",")),
        "line 1 of",
    ),
    "1.7e308": (lambda path: path.write_bytes(DRAWING.replace(b"[1,", b"[-1.7e308,")), "line 1 of"),
    "brackets": (lambda path: path.write_bytes(DRAWING + b"[" * 100_000), "line 2 of"),
    "strokes": (
        lambda path: path.write_bytes(DRAWING.replace(b"[[0", b"[[0, 0]], " * 300_000 + b"[[0")),
        "line 1 of",
    ),
    "one long line": (lambda path: path.write_bytes(b"[" * 190_000_000), "line 1 of"),
}


def test_drawings_are_refused(tmp_path: Path, run_all: Callable[..., Any]) -> None:
    lines = []
    for number, (make, _) in enumerate(DRAWINGS.values()):
        make(tmp_path / str(number))
        lines.append(["evaluate", "--drawings", tmp_path / str(number)])
    for outcome, (_, saying) in zip(run_all("train", lines, tmp_path), DRAWINGS.values(), strict=True):
        outcome.refused(saying=saying)
