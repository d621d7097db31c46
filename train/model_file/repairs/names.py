"""Rename layers whose names Keras 3 or TensorFlow rejects: names mean nothing to the numbers."""

import re
from typing import Any

# Keras 3 rejects "/" (ops/operation.py), TensorFlow the rest (framework/ops.py, _VALID_SCOPE_NAME_REGEX).
PLAIN = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.-]*")


class Names:
    """Plain names for the layers of a configuration, the same one wherever a name occurs."""

    def __init__(self, config: Any) -> None:
        """Collect the names of all objects in a configuration, so that no new name meets another's."""
        self._taken = set(_all_names(config))
        self._plain: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        """The name itself if it is plain, else a plain one that no other layer has."""
        if PLAIN.fullmatch(name):
            return name
        if name not in self._plain:
            plain = re.sub(r"^[^A-Za-z0-9.]|[^A-Za-z0-9_.-]", "_", name)
            plain = plain if PLAIN.fullmatch(plain) else f"layer{plain}"
            while plain in self._taken:
                plain += "_"
            self._taken.add(plain)
            self._plain[name] = plain
        return self._plain[name]


def _all_names(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_all_names, value))
    if not isinstance(value, dict):
        return set()
    own = {value["name"]} if isinstance(value.get("name"), str) else set()
    return own.union(*map(_all_names, value.values()))
