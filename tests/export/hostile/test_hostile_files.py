"""Pictures, folders of them and labels that are hostile or broken: one line on stderr, nothing written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.export.hostile.hostile_folders import FOLDERS
from tests.export.hostile.hostile_labels import LABELS
from tests.export.hostile.hostile_models import Workshop
from tests.export.hostile.hostile_pictures import PICTURES
from tests.export.hostile.hostile_tables import Table, made

pytestmark = pytest.mark.integration

# A command whose last argument is one of the files.
TABLES: dict[str, tuple[list[str], Table]] = {
    "folders": (["train", "evaluate", "--model", "MODEL", "--data"], FOLDERS),
    "labels": (
        ["export", "all", "--model", "MODEL", "--data", "DATA", "--scale", "0..255", "--labels"],
        LABELS,
    ),
}


@pytest.fixture
def work(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


@pytest.mark.parametrize("table", TABLES)
def test_each_is_refused(
    table: str, workshop: Workshop, data: Path, run_all: Callable[..., Any], tmp_path: Path, work: Path
) -> None:
    (module, *words), cases = TABLES[table]
    good = {"MODEL": workshop.folder / "good.h5", "DATA": data}
    lines = [[*(good.get(word, word) for word in words), file] for file in made(cases, tmp_path / "files")]
    for outcome, (_, saying) in zip(run_all(module, lines, work), cases.values(), strict=True):
        outcome.refused(saying=saying)
    assert not list(work.iterdir())


def test_a_line_for_each_picture(
    workshop: Workshop, run_all: Callable[..., Any], tmp_path: Path, work: Path
) -> None:
    """All of them by one command, which is allowed no more than for one."""
    files = made(PICTURES, tmp_path / "files")
    (outcome,) = run_all("train", [["predict", "--model", workshop.folder / "good.h5", *files]], work)
    assert (outcome.status, outcome.megabytes < 2000, outcome.seconds < 10) == (1, True, True), outcome
    lines = iter(outcome.complaint.splitlines())
    for file, (_, saying) in zip(files, PICTURES.values(), strict=True):
        if saying:
            line = next(lines)
            assert line.startswith("inkproof: expected "), line
            assert line.isprintable(), line
            assert f" {file}, " in line, line
            assert saying in line
    assert not list(lines)
    assert not list(work.iterdir())
