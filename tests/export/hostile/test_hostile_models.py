"""Model files that are hostile or broken: one line on stderr, little memory, nothing written, nothing run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.export.hostile.hostile_model_cases import CASES
from tests.export.hostile.hostile_models import Workshop

pytestmark = pytest.mark.integration


# Both judge a file by the same code.
@pytest.fixture(scope="module", params=["export all", pytest.param("train predict", marks=pytest.mark.slow)])
def outcomes(
    workshop: Workshop, run_all: Callable[..., Any], request: pytest.FixtureRequest
) -> dict[str, Any]:
    """All of them through a command line."""
    module, command = request.param.split()
    rest = {"all": ["--data", "none.npz"], "predict": ["none.png"]}[command]
    lines = [[command, "--model", make(workshop), *rest] for make, _ in CASES.values()]
    work = workshop.folder.parent / module
    work.mkdir()
    found = dict(zip(CASES, run_all(module, lines, work), strict=True))
    assert not list(work.iterdir())  # nothing written
    return found


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused(name: str, outcomes: dict[str, Any], workshop: Workshop) -> None:
    outcomes[name].refused(saying=CASES[name][1])
    assert not workshop.canary.exists()


@pytest.mark.parametrize("command", ["evaluate", "check"])
def test_those_who_read_data_first_refuse_it_too(
    command: str, workshop: Workshop, data: Path, run_all: Callable[..., Any], tmp_path: Path
) -> None:
    names = ["Lambda in .h5", "heap of 4 GB", "external link", "10^12 weights", "zip bomb"]
    lines = [[command, "--model", CASES[name][0](workshop), "--data", data] for name in names]
    for name, outcome in zip(names, run_all("train", lines, tmp_path), strict=True):
        outcome.refused(saying=CASES[name][1])
    assert not workshop.canary.exists()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [".h5", ".keras"])
def test_the_good_one_they_are_made_of_is_not(suffix: str, workshop: Workshop) -> None:
    from train.model_file.model_file import load_model

    assert load_model(workshop.folder / f"good{suffix}").count_params() == 20 + 219
