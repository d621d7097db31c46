"""Tables on the terminal."""

import pytest

from train.console.table import print_table


def test_texts_are_on_the_left_and_numbers_on_the_right(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("name", "size"), [("a", "1"), ("longer", "1,000")], title="all of them", texts=1)
    title, headings, _, *lines = (line.rstrip() for line in capsys.readouterr().out.splitlines())
    assert title == "all of them"
    assert headings == " name      size"
    assert lines == [" a            1", " longer   1,000"]


def test_nothing_is_cut_off_or_taken_for_markup(capsys: pytest.CaptureFixture[str]) -> None:
    name = "[bold]" + "x" * 400
    print_table(("name", "verdict"), [(name, "pass")], texts=2)
    assert f" {name}   pass" in capsys.readouterr().out
