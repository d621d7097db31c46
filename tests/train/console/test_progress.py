"""A stage says what it does and how long it took, and keeps a file free of bars."""

import re
import sys
import time

import pytest

from train.console import interrupts
from train.console.progress import stage


def test_title_and_seconds(capsys):
    with stage("sharpening pencils"):
        assert capsys.readouterr().out == ""
        time.sleep(0.12)
    seconds = re.fullmatch(r"sharpening pencils  (\d+\.\d) s\n", capsys.readouterr().out)
    assert seconds
    assert 0.1 <= float(seconds[1]) < 5


def test_steps_leave_no_bar_in_a_file(capsys):
    with stage("counting", total=3) as step:
        for _ in range(3):
            step()
    assert re.fullmatch(r"counting  \d+\.\d s\n", capsys.readouterr().out)


def test_title_is_no_markup_and_is_never_wrapped(capsys):
    title = "reading [red] of " + "x" * 300
    with stage(title):
        pass
    assert re.fullmatch(re.escape(title) + r"  \d+\.\d s\n", capsys.readouterr().out)


def test_bar_on_a_terminal(monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    with stage("counting [red]", total=2) as step:
        step()
        step()
    out = capsys.readouterr().out
    assert "━" in out
    assert out.count("\x1b[?25l") == out.count("\x1b[?25h") == 1  # the cursor is shown again
    assert out.count("counting [red]") >= 2  # beside the bar and afterwards


@pytest.mark.parametrize(
    ("terminal", "variable"),
    [pytest.param(True, "JPY_PARENT_PID", id="a notebook"), pytest.param(False, "FORCE_COLOR", id="a file")],
)
def test_no_bar_where_the_cursor_does_not_move(terminal, variable, monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal, raising=False)
    monkeypatch.setenv(variable, "1")
    with stage("counting", total=2) as step:
        step()
    assert re.fullmatch(r"counting  \d+\.\d s\n", capsys.readouterr().out)


def test_error_passes_and_no_time_is_claimed(capsys):
    def fail():
        raise ValueError("blunt")

    with pytest.raises(ValueError, match="blunt"), stage("sharpening"):
        fail()
    assert capsys.readouterr().out == ""
    assert interrupts.PROCESS.pending == []
