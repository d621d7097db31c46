"""Model files that are hostile or broken: one line on stderr, little memory, nothing written, nothing run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.export.hostile.hostile_model_cases import CASES
from tests.export.hostile.hostile_models import Workshop
from tests.often import often

pytestmark = pytest.mark.integration


# Both judge a file by the same code.
COMMANDS = {
    "export all": ["all", "--data", "none.npz", "--model"],
    "train predict": ["predict", "none.png", "--model"],
}

# The first of each reason, but for one that takes 8 s.
OFTEN = {*{reason: name for name, (_, reason) in reversed(CASES.items())}.values()} - {"heap without end"}


@pytest.mark.parametrize("command", often(COMMANDS, lambda command: command == "export all"))
@pytest.mark.parametrize("name", often(CASES, lambda name: name in OFTEN))
def test_it_is_refused(
    name: str, command: str, workshop: Workshop, run_all: Callable[..., Any], tmp_path: Path
) -> None:
    make, reason = CASES[name]
    (outcome,) = run_all(command.split()[0], [[*COMMANDS[command], make(workshop)]], tmp_path)
    outcome.refused(saying=reason)
    assert not workshop.canary.exists()
    assert not list(tmp_path.iterdir())  # nothing written


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
