"""Text from outside ends up on one line."""

import pytest

from train.console.text import one_line, plain


def test_control_characters_never_reach_a_terminal() -> None:
    assert plain("a\x1b[31mb\nc\u202e d") == "a [31mb c d"


@pytest.mark.parametrize(("text", "expected"), [("digits", "digits"), ("digitsdigits", "digitsd…")])
def test_a_long_name_is_cut_and_says_so(text: str, expected: str) -> None:
    assert plain(text, most=8) == expected


def test_a_message_of_many_lines_becomes_one() -> None:
    assert (
        one_line(ValueError("loc(fused):\n  error: 'tf.Erf'\n\tis no op  "))
        == "loc(fused): error: 'tf.Erf' is no op"
    )


def test_of_a_long_message_the_beginning_is_kept() -> None:
    assert one_line(ValueError("x " * 500)) == ("x " * 150)
    assert one_line("x" * 500, most=200) == "x" * 200


def test_an_exception_without_a_message_gives_its_name() -> None:
    assert one_line(EOFError()) == one_line(EOFError(" \n")) == "EOFError"
    assert one_line("") == ""
