"""One file a target, discovered: a new file here, with a `TARGET`, is a new target everywhere.

Files whose name begins with an underscore hold what several targets share.
"""

import pkgutil
from functools import cache
from importlib import import_module

from export.target import Target


@cache
def all_targets() -> tuple[Target, ...]:
    """Every target, by name."""
    names = [module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")]
    targets: list[Target] = [import_module(f"{__name__}.{name}").TARGET for name in names]
    return tuple(sorted(targets, key=lambda target: target.name))
