"""A run says how long it will take, measured on its first steps."""

import re

import pytest

from train.learning import duration
from train.learning.duration import MEASURED, WARM_UP, SayDuration


def said(
    steps: int, seconds_of_a_step: float, monkeypatch, capsys, run: int = WARM_UP + MEASURED + 5, quick=False
) -> str:
    now = iter(number * seconds_of_a_step * MEASURED for number in range(10))
    monkeypatch.setattr(duration, "perf_counter", lambda: next(now))
    callback = SayDuration(steps, quick=quick)
    for batch in range(run):
        callback.on_train_batch_end(batch)
    out: str = capsys.readouterr().out
    return out


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (100, "on this machine the training takes less than a minute\n"),
        (700, "on this machine the training takes about a minute\n"),
        (6000, "on this machine the training takes about 10 minutes; for a first look, start it again with "),
    ],
)
def test_it_is_said_once_and_a_quick_one_is_named(steps, expected, monkeypatch, capsys):
    out = said(steps, 0.1, monkeypatch, capsys)
    assert out.startswith(expected)
    assert ("--preset quick" in out) == (steps == 6000)
    assert out.count("\n") == 1


def test_a_quick_run_names_no_quicker_one(monkeypatch, capsys):
    assert said(6000, 0.1, monkeypatch, capsys, quick=True).endswith("takes about 10 minutes\n")


def test_a_short_run_says_nothing(monkeypatch, capsys):
    assert said(20, 0.1, monkeypatch, capsys, run=20) == ""


@pytest.mark.integration
def test_a_real_run_says_it(few, tmp_path, capsys):
    from train.learning.fit import fit
    from train.settings import Settings

    size = len(few.train.labels) // (WARM_UP + MEASURED)
    fit(few, Settings("mlp", epochs=2, batch_size=size), tmp_path / "out")
    assert len(re.findall(r"^on this machine the training takes", capsys.readouterr().out, re.MULTILINE)) == 1
