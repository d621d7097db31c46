"""Compare values from JSON with the form that they must have, as type hints describe it."""

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from train.console.text import plain

MOST_SHOWN = 40  # characters of a value
MOST_NUMBER = 2**63
SCALARS = {str: "a text", int: "a whole number", float: "a number", bool: "true or false", type(None): "null"}


def misfit(value: object, form: Any, where: str = "it") -> str | None:
    """Why a value isn't of a form; None if it is.

    Args:
        value: Made of what JSON has.
        form: `str`, `int`, `float` (whole numbers and NaN, too), `bool`, `None`, `Any`, a union, `list[F]`,
            `dict[str, F]`, a tuple type, which is a list in JSON, a typed dictionary, whose other keys may be
            anything, or a dataclass, of which each field is a key. Whole numbers have 64 bits at most.
        where: What the value is called in the reason.

    Returns:
        `WHERE to be FORM, found VALUE`, to follow the word `expected`.
    """
    if form is Any:
        return None
    if form is None:
        form = type(None)
    if form in SCALARS:
        return None if _is_scalar(value, form) else _reason(where, SCALARS[form], value)
    if is_typeddict(form) or is_dataclass(form):
        return _misfit_of_entries(value, form, where)
    origin, parts = get_origin(form), get_args(form)
    if origin in (Union, types.UnionType):
        reasons = [misfit(value, part, where) for part in parts]
        return None if None in reasons else reasons[0]
    if origin is dict:
        entries = value.items() if isinstance(value, dict) else ()
        found = (misfit(inner, parts[1], f"{where}.{plain(key, MOST_SHOWN)}") for key, inner in entries)
        return next(filter(None, found), None) if isinstance(value, dict) else _no_object(where, value)
    return _misfit_of_list(value, form, where)


def _misfit_of_entries(value: object, form: Any, where: str) -> str | None:
    if not isinstance(value, Mapping):
        return _no_object(where, value)
    hints = get_type_hints(form, include_extras=True)
    defaults = {one.name for one in fields(form) if _has_default(one)} if is_dataclass(form) else set()
    if is_dataclass(form) and (extra := sorted(value.keys() - hints)):
        return f"{where} to have no entry '{plain(extra[0], MOST_SHOWN)}', found it"
    for key, hint in hints.items():
        optional = get_origin(hint) is NotRequired
        if key not in value:
            if optional or key in defaults:
                continue
            return f"{where} to have the entry '{key}', found none"
        if reason := misfit(value[key], get_args(hint)[0] if optional else hint, f"{where}.{key}"):
            return reason
    return None


def _has_default(one: Field[Any]) -> bool:
    return one.default is not MISSING or one.default_factory is not MISSING


def _misfit_of_list(value: object, form: Any, where: str) -> str | None:
    if not isinstance(value, list):
        return _reason(where, "a list", value)
    if get_origin(form) is None:  # a named tuple
        forms: list[Any] = list(get_type_hints(form).values())
    elif get_args(form)[-1] is Ellipsis or get_origin(form) is list:
        forms = [get_args(form)[0]] * len(value)
    else:
        forms = list(get_args(form))
    if len(value) != len(forms):
        return f"{where} to be a list of {len(forms)}, found {len(value)}"
    found = (
        misfit(inner, part, f"{where}[{place}]")
        for place, (inner, part) in enumerate(zip(value, forms, strict=True))
    )
    return next(filter(None, found), None)


def _is_scalar(value: object, form: type) -> bool:
    if form is int or (form is float and type(value) is int):
        return type(value) is int and -MOST_NUMBER <= value < MOST_NUMBER
    return type(value) is form


def _no_object(where: str, value: object) -> str:
    return _reason(where, "an object of names and values", value)


def _reason(where: str, expected: str, value: object) -> str:
    shown = (
        plain(repr(value)[: 2 * MOST_SHOWN], MOST_SHOWN)
        if not isinstance(value, dict | list)
        else ("an object" if isinstance(value, dict) else "a list")
    )
    return f"{where} to be {expected}, found {shown}"
