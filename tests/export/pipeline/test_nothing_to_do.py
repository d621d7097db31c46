"""A run does nothing only where everything is as it was: read, made, proven, and whole."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from export.manifest import read_manifest
from export.pipeline.cache_keys import ROOT
from export.pipeline.nothing_to_do import is_done
from export.pipeline.reading import Reading
from tests.export.command_line import run

pytestmark = pytest.mark.integration

ASK = """
import sys
from pathlib import Path
from export.pipeline.nothing_to_do import is_done
from export.pipeline.reading import Reading
print(is_done(Path(sys.argv[1]), sys.argv[2], (), Reading(), Path(sys.argv[3])))
"""


def flip_a_bit(out: Path) -> None:
    file = out / "tflite" / "int8.tflite"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def add_a_training(out: Path) -> None:
    (out / "training").mkdir()
    (out / "training" / "history.csv").write_text("epoch\n")


def fail_one(out: Path) -> None:
    manifest = read_manifest(out)
    first, *others = manifest.targets
    failed = first | {"parity": first["parity"] | {"passed": False}}
    replace(manifest, targets=[failed, *others]).write(out)


def name_one_unsupported(out: Path) -> None:
    replace(read_manifest(out), unsupported=[{"name": "tflite-int4", "reason": "none"}]).write(out)


def forget_the_run(out: Path) -> None:
    manifest = read_manifest(out)
    keys = {stage: key for stage, key in manifest.keys.items() if stage != "run"}
    replace(manifest, keys=keys).write(out)


CHANGES: dict[str, Callable[[Path], object]] = {
    "a bit": flip_a_bit,
    "a file less": lambda out: (out / "report.md").unlink(),
    "a file more": lambda out: (out / "web" / "more.js").write_text(""),
    "another manifest": lambda out: (out / "manifest.json").write_bytes(
        (out / "manifest.json").read_bytes().replace(b'"samples": ', b'"samples": 1')
    ),
    "no manifest": lambda out: (out / "manifest.json").unlink(),
    "a training": add_a_training,
    "a verdict": fail_one,
    "a target less": name_one_unsupported,
    "no key": forget_the_run,
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_to_what_was_made_is_noticed(trained: Path, pen_npz: Path, copy: Path, change: str) -> None:
    assert is_done(trained, str(pen_npz), (), Reading(), copy)
    CHANGES[change](copy)
    assert not is_done(trained, str(pen_npz), (), Reading(), copy)


def test_other_options_are_noticed(trained: Path, pen_npz: Path, copy: Path, tmp_path: Path) -> None:
    data = str(pen_npz)
    assert is_done(None, data, (), Reading(), copy)  # the model in the output folder is the same
    model = tmp_path / "other.h5"
    model.write_bytes(trained.read_bytes() + b"\0")
    (tmp_path / "moved").mkdir()
    assert is_done(trained, str(shutil.copy(pen_npz, tmp_path / "moved")), (), Reading(), copy)
    others = shutil.copy(pen_npz, tmp_path / "others.npz")
    assert not is_done(model, data, (), Reading(), copy)
    assert not is_done(tmp_path / "none.h5", data, (), Reading(), copy)
    assert not is_done(trained, str(others), (), Reading(), copy)
    assert not is_done(trained, "pen", (), Reading(), copy)
    assert not is_done(trained, data, ("tflite-int8",), Reading(), copy)
    assert not is_done(trained, data, (), Reading(scale="0..1"), copy)


def test_other_code_is_noticed_and_looked_at_once(
    trained: Path, pen_npz: Path, copy: Path, tmp_path: Path
) -> None:
    """No stage is made of the command line's own module, so all that it has to do is to note that."""
    project = tmp_path / "project"
    for folder in ("export", "train", "web"):
        shutil.copytree(ROOT / folder, project / folder)

    def done() -> str:
        command = [sys.executable, "-c", ASK, str(trained), str(pen_npz), str(copy)]
        return subprocess.run(command, cwd=project, capture_output=True, text=True, check=True).stdout

    assert done() == "True\n"
    with (project / "export" / "cli.py").open("a") as module:
        module.write("# more\n")
    assert done() == "False\n"
    made = run("export", "all", "--model", trained, "--data", pen_npz, "--out", copy, project=project)
    assert made.stdout.startswith("nothing to do: "), made.stderr
    assert done() == "True\n"
