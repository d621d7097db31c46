"""Datasets that are hostile or broken: one line on stderr, little memory, nothing written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.export.hostile.hostile_data import DATA

pytestmark = pytest.mark.integration


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
