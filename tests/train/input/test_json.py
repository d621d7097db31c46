"""JSON from outside: a value of the form that was expected, or one reason why it isn't."""

from dataclasses import dataclass
from typing import Any, NamedTuple, NotRequired, TypedDict

import pytest

from train.input.json_form import misfit
from train.input.json_text import parse_json

NO_JSON = {
    "nothing": b"",
    "half": b"{",
    "100,000 brackets": b"[" * 100_000 + b"]" * 100_000,
    "100,000 braces": b'{"":' * 100_000,
    "5,000 digits": b"9" * 5000,
    "half a character": b'"\\ud800"',
    "half a character as a name": b'{"\\udfff": 1}',
    "half a character in bytes": b'"\xed\xa0\x80"',
    "UTF-16": '"a"'.encode("utf-16"),
    "null bytes": bytes(9),
}


@pytest.mark.parametrize("name", NO_JSON)
def test_what_is_no_json_is_a_value_error_of_one_line(name: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parse_json(NO_JSON[name])
    assert "\n" not in str(caught.value)


def test_whole_characters_are_no_halves() -> None:
    assert parse_json(b'\xef\xbb\xbf["\\ud83d\\ude00", "\xc3\xa9", NaN]')[:2] == ["\U0001f600", "é"]


class Point(NamedTuple):
    x: int
    y: int = 0


@dataclass
class Plan:
    points: tuple[Point, ...]
    rate: float = 0.5
    most: int | None = None


class Form(TypedDict):
    name: str
    plan: Plan
    shape: NotRequired[tuple[int, int]]
    more: NotRequired[dict[str, list[bool]]]


GOOD: dict[str, Any] = {"name": "a", "plan": {"points": [[1, 2]]}, "unknown": {}}
MISFITS: list[tuple[dict[str, Any], str]] = [
    ({"name": 3}, "it.name to be a text, found 3"),
    ({"name": None}, "it.name to be a text, found None"),
    ({"plan": []}, "it.plan to be an object"),
    ({"plan": {}}, "it.plan to have the entry 'points', found none"),
    ({"plan": {"points": [], "other": 1}}, "it.plan to have no entry 'other'"),
    ({"plan": {"points": [[1]]}}, "it.plan.points[0] to be a list of 2, found 1"),
    ({"plan": {"points": [[1, "2"]]}}, "it.plan.points[0][1] to be a whole number, found '2'"),
    ({"plan": {"points": [], "rate": True}}, "it.plan.rate to be a number, found True"),
    ({"plan": {"points": [], "rate": 10**400}}, "it.plan.rate to be a number, found 1000"),
    ({"plan": {"points": [], "most": 1e999}}, "it.plan.most to be a whole number, found inf"),
    ({"shape": [1, 2, 3]}, "it.shape to be a list of 2, found 3"),
    ({"more": {"a\n\x1b": [0]}}, "it.more.a[0] to be true or false, found 0"),
]


@pytest.mark.parametrize(("change", "reason"), MISFITS)
def test_what_is_of_another_form_is_named(change: dict[str, Any], reason: str) -> None:
    found = misfit({**GOOD, **change}, Form)
    assert found is not None
    assert found.startswith(reason)
    assert found.isprintable()
    assert len(found) < 200


def test_what_fits_has_no_reason() -> None:
    more = {"plan": {"points": [], "rate": 1, "most": None}, "shape": [1, 2], "more": {"a": [True]}}
    assert misfit(GOOD, Form) is None
    assert misfit({**GOOD, **more}, Form) is None
