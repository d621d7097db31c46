"""Files beside those that the manifest names, and another manifest in place of the proven one."""

import hashlib
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from export.errors import IntegrityError
from export.manifest import read_manifest, verify
from export.pipeline.export_all import Request, export_all
from export.targets import named_targets
from tests.export.command_line import complaint, run

ADDITIONS: dict[str, Callable[[Path], object]] = {
    "web/evil.js": lambda path: path.write_text("alert(1)"),
    "web/index.html.bak": lambda path: path.touch(),
    "web/.hidden": lambda path: path.touch(),
    "web/deep/er/evil.html": lambda path: path.touch(),
    "tfjs/graph/group1-shard2of2.bin": lambda path: path.write_bytes(b"x"),
    "tfjs/other/model.json": lambda path: path.write_text("{}"),
    "tflite/other.tflite": lambda path: path.write_bytes(b"x"),
    "web/link.html": lambda path: path.symlink_to("index.html"),
    "web/away": lambda path: path.symlink_to("/etc"),
    "web/nowhere": lambda path: path.symlink_to("none"),
    "tflite/pipe": lambda path: os.mkfifo(path),
    "web/a\x1b[31m\n\u202e.js": lambda path: path.touch(),
    "web/bytes\udcff.js": lambda path: path.touch(),
    "/".join(["web", *"a" * 300, "x.js"]): lambda path: path.touch(),
}


def add(folder: Path, name: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    ADDITIONS[name](path)
    return path


@pytest.mark.parametrize("name", ADDITIONS, ids=lambda name: ascii(name[:40]))
def test_a_file_that_the_manifest_does_not_name_is_named(name: str, copy: Path) -> None:
    verify(copy)
    path = add(copy, name)
    with pytest.raises(IntegrityError, match=re.escape(f"{path} that ")):
        verify(copy)


def test_all_of_them_are_named_beside_what_is_damaged(copy: Path) -> None:
    names = list(ADDITIONS)[:5]
    for name in names:
        add(copy, name)
    (copy / "report.md").unlink()
    with pytest.raises(IntegrityError, match=r"report\.md unreadable") as caught:
        verify(copy)
    assert all(name in str(caught.value) for name in names)


def test_a_file_of_the_manifest_that_is_a_link_is_named_once(copy: Path) -> None:
    page = copy / "web" / "index.html"
    page.rename(copy / "index.html")
    page.symlink_to("../index.html")
    with pytest.raises(IntegrityError) as caught:
        verify(copy)
    assert str(caught.value).count(str(page)) == 1
    shutil.move(copy / "web", copy / "elsewhere")
    (copy / "web").symlink_to("elsewhere")
    with pytest.raises(IntegrityError, match="web that is a link"):
        verify(copy)


def test_other_things_of_the_user_and_empty_folders_are_none(copy: Path) -> None:
    (copy / "notes.txt").touch()
    (copy / "sweep").mkdir()
    (copy / "sweep" / "sweep.csv").touch()
    (copy / "web" / "empty").mkdir()
    verify(copy)


def test_the_command_says_it_in_one_line(copy: Path) -> None:
    add(copy, "web/a\x1b[31m\n\u202e.js")
    line = complaint(run("export", "verify", "--out", copy))
    assert "web/a [31m .js that it doesn't name" in line
    assert line.isprintable()


def test_export_all_removes_them(trained: Path, pen_npz: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    request = Request(trained, str(pen_npz), out, named_targets(["tflite-float32"]))
    export_all(request)
    (out / "tflite" / "other.tflite").touch()
    (out / "tfjs").mkdir()
    (out / "tfjs" / "other.json").touch()
    export_all(request)
    assert [path.name for path in (out / "tflite").iterdir()] == ["float32.tflite"]
    assert not (out / "tfjs").exists()
    verify(out)


def test_what_training_has_left_is_covered(trained: Path, pen_npz: Path, tmp_path: Path) -> None:
    out = Path(shutil.copytree(trained.parent, tmp_path / "out"))
    export_all(Request(None, str(pen_npz), out, named_targets(["tflite-float32"])))
    named = {record.path for record in read_manifest(out).records()}
    assert {"model.h5", "training/history.csv", "training/best.keras"} <= named
    verify(out)
    (out / "training" / "notes.txt").touch()
    with pytest.raises(IntegrityError, match=r"training/notes\.txt that it doesn't name"):
        verify(out)
    (out / "training" / "notes.txt").unlink()
    (out / "training" / "history.csv").write_text("epoch\n")
    with pytest.raises(IntegrityError, match=r"training/history\.csv of 6 bytes"):
        verify(out)


def test_somebody_elses_folder_of_that_name_is_not(trained: Path, pen_npz: Path, tmp_path: Path) -> None:
    pictures = tmp_path / "out" / "training" / "pictures"
    pictures.mkdir(parents=True)
    (pictures / "1.png").touch()
    request = Request(trained, str(pen_npz), tmp_path / "out", named_targets(["tflite-float32"]))
    assert export_all(request).training is None
    (pictures / "2.png").touch()
    verify(tmp_path / "out")


def test_the_digest_that_is_expected_is_that_of_the_manifest(copy: Path) -> None:
    digest = hashlib.sha256((copy / "manifest.json").read_bytes()).hexdigest()
    for expected in (digest, digest.upper(), f" {digest}\n"):
        assert run("export", "verify", "--out", copy, "--expect", expected).returncode == 0
    page = copy / "web" / "index.html"
    page.write_text("another page")
    manifest = read_manifest(copy)
    for record in manifest.site:  # as who wants to hide it would
        if record["path"] == "web/index.html":
            content = page.read_bytes()
            record.update(bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
    manifest.write(copy)
    verify(copy)
    line = complaint(run("export", "verify", "--out", copy, "--expect", digest))
    found = hashlib.sha256((copy / "manifest.json").read_bytes()).hexdigest()
    assert digest in line
    assert found in line


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000])
def test_the_digest_goes_before_what_the_manifest_says(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(IntegrityError, match=f"{'0' * 64}, found {hashlib.sha256(content).hexdigest()}"):
        verify(tmp_path, "0" * 64)
