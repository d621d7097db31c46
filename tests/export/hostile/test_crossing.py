"""Any hostile file in the place of any argument of any command: a line, no traceback, nothing written."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.export.hostile.hostile_data import DATA
from tests.export.hostile.hostile_folders import FOLDERS
from tests.export.hostile.hostile_labels import LABELS
from tests.export.hostile.hostile_manifests import MANIFESTS
from tests.export.hostile.hostile_model_cases import CASES
from tests.export.hostile.hostile_models import Workshop
from tests.export.hostile.hostile_pictures import PICTURES
from tests.export.hostile.hostile_tables import made
from tests.export.hostile.test_hostile_drawings import DRAWINGS

pytestmark = pytest.mark.integration

# Where a command takes the path of a file or folder. MODEL and DATA are good ones.
PLACES = {
    "export all --model": ["all", "--model", "FILE", "--data", "DATA"],
    "export all --data": ["all", "--model", "MODEL", "--data", "FILE"],
    "export all --labels": ["all", "--model", "MODEL", "--data", "DATA", "--labels", "FILE"],
    "export check": ["check", "--out", "FILE"],
    "export bench": ["bench", "--out", "FILE"],
    "export kit": ["kit", "--platform", "python", "--out", "FILE"],
    "export verify": ["verify", "--out", "FILE"],
    "export serve": ["serve", "--port", "0", "--out", "FILE"],
    "train fit --data": ["--data", "FILE"],
    "train evaluate --model": ["evaluate", "--model", "FILE", "--data", "DATA"],
    "train evaluate --data": ["evaluate", "--model", "MODEL", "--data", "FILE"],
    "train evaluate --drawings": ["evaluate", "--model", "MODEL", "--drawings", "FILE"],
    "train check --data": ["check", "--data", "FILE"],
    "train check --model": ["check", "--data", "DATA", "--model", "FILE"],
    "train predict --model": ["predict", "FILE", "--model", "FILE"],
    "train predict": ["predict", "FILE", "--model", "MODEL"],
}
MOST_MEGABYTES, MOST_SECONDS = 2000, 10
SOME = 2


@pytest.fixture(scope="module")
def files(workshop: Workshop, data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All hostile files; a manifest lies in a folder of its own."""
    folder = tmp_path_factory.mktemp("crossing")
    found = {f"model: {name}": make(workshop) for name, (make, _) in CASES.items()}
    for number, (name, (make, _)) in enumerate(DATA.items()):
        found[f"data: {name}"] = folder / f"{number}.npz"
        make(folder / f"{number}.npz", workshop.canary)
    for number, (name, (draw, _)) in enumerate(DRAWINGS.items()):
        found[f"drawings: {name}"] = folder / f"{number}.jsonl"
        draw(folder / f"{number}.jsonl")
    for number, (name, (content, _)) in enumerate(MANIFESTS.items()):
        found[f"manifest: {name}"] = folder / f"out{number}"
        found[f"manifest: {name}"].mkdir()
        (found[f"manifest: {name}"] / "manifest.json").write_bytes(content)
    for kind, table in {"folder": FOLDERS, "labels": LABELS, "picture": PICTURES}.items():
        for name, file in zip(table, made(table, folder / kind), strict=True):
            found[f"{kind}: {name}"] = file
    return found


def test_there_are_ninety_of_them(files: dict[str, Path]) -> None:
    assert len(files) >= 90


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("count", [SOME, pytest.param(None, marks=pytest.mark.slow)], ids=["some", "all"])
def test_no_command_ends_in_a_traceback(
    place: str,
    count: int | None,
    files: dict[str, Path],
    workshop: Workshop,
    data: Path,
    run_all: Callable[..., Any],
    tmp_path: Path,
) -> None:
    chosen = sorted(files)
    if count is not None:
        chosen = random.Random(place).sample(chosen, count)
    good: dict[str, str | Path] = {"MODEL": workshop.folder / "good.h5", "DATA": data}
    lines = [[{**good, "FILE": files[name]}.get(word, word) for word in PLACES[place]] for name in chosen]
    before = _listing(files)
    for name, outcome in zip(chosen, run_all(place.split()[0], lines, tmp_path), strict=True):
        assert outcome.status in (0, 1, 2), (name, outcome)
        assert "Traceback" not in outcome.complaint, (name, outcome)
        assert outcome.megabytes < MOST_MEGABYTES, (name, outcome)
        assert outcome.seconds < MOST_SECONDS, (name, outcome)
        if outcome.status == 1:
            assert outcome.complaint.splitlines()[-1].startswith("inkproof: expected "), (name, outcome)
    assert not workshop.canary.exists()
    assert _listing(files) == before


def _listing(files: dict[str, Path]) -> str:
    """The names and sizes of all that lies where hostile files do."""
    found = {
        str(path): sorted((one.name, one.lstat().st_size) for one in path.iterdir())
        for path in {path.parent for path in files.values()}
    }
    return json.dumps(found)
