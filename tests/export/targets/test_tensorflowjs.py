"""The converter is installed without its dependencies, and imported by the one module that is used."""

import os
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

from export.targets._tensorflowjs import NAME, UNUSED, VERSION

ROOT = Path(__file__).parents[3]


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_version_is_the_one_that_the_project_names() -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    assert groups["converter"] == [f"{NAME}=={VERSION}"]


@pytest.mark.integration
def test_its_dependencies_are_neither_needed_nor_stood_in_for_afterwards() -> None:
    program = f"""
import sys
from export.targets._tensorflowjs import converter
passes = converter()
assert passes.write_artifacts and passes.fuse_prelu
assert passes is converter()
unused = {(NAME, *UNUSED, "jax", "flax", "tf_keras")}
print([name for name in sys.modules if name.partition('.')[0] in unused])
"""
    ended = run("-c", program)
    assert ended.stdout.strip() == "[]", ended.stderr


@pytest.mark.integration
def test_a_package_that_the_user_has_imported_stays_the_users(tmp_path: Path) -> None:
    (tmp_path / "tensorflow_hub.py").write_text("load = 'real'", encoding="utf-8")
    program = """
import tensorflow_hub
from export.targets._tensorflowjs import converter
converter()
import tensorflow_hub as again
assert again is tensorflow_hub, again
print(again.load)
"""
    ended = run("-c", program, PYTHONPATH=os.pathsep.join([str(ROOT), str(tmp_path)]))
    assert ended.stdout.strip() == "real", ended.stderr


@pytest.mark.parametrize("found", ["none", "4.21.0"])
def test_where_it_is_missing_the_export_says_so_before_it_trains(found: str, tmp_path: Path) -> None:
    spec = find_spec("click")
    assert spec is not None
    assert spec.origin is not None
    packages = tmp_path / "packages"
    packages.mkdir()
    for entry in Path(spec.origin).parents[1].iterdir():
        if not entry.name.startswith(NAME):
            (packages / entry.name).symlink_to(entry)
    if found != "none":
        metadata = packages / f"{NAME}-{found}.dist-info" / "METADATA"
        metadata.parent.mkdir()
        metadata.write_text(f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {found}\n", encoding="utf-8")
    path = os.pathsep.join([str(ROOT), str(packages)])
    ended = run("-S", "-m", "export", "all", "--data", "pen", "--out", str(tmp_path / "out"), PYTHONPATH=path)
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        f"inkproof: expected {NAME} {VERSION}, which converts to TensorFlow.js, found {found}: "
        f"pip install --no-deps {NAME}=={VERSION}"
    ]
    assert not (tmp_path / "out" / "model.h5").exists()
