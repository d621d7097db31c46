"""One file a target, discovered: a new file here, with a `TARGET`, is a new target everywhere.

Files whose name begins with an underscore hold what several targets share.
"""

import pkgutil
from collections.abc import Sequence
from functools import cache
from importlib import import_module

from export.errors import UnknownTargetError
from export.target import Target
from export.targets._tensorflowjs import demand_converter

__all__ = ["all_targets", "demand_converter", "named_targets"]


def named_targets(names: Sequence[str]) -> list[Target]:
    """The targets of these names, in the order of all; without names, all.

    Raises:
        UnknownTargetError: If there is none of a name.
    """
    known = {target.name: target for target in all_targets()}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UnknownTargetError(f"expected one of {', '.join(known)}, found {unknown[0]}")
    return [target for name, target in known.items() if not names or name in names]


@cache
def all_targets() -> tuple[Target, ...]:
    """Every target, by name."""
    names = [module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")]
    targets: list[Target] = [import_module(f"{__name__}.{name}").TARGET for name in names]
    return tuple(sorted(targets, key=lambda target: target.name))
