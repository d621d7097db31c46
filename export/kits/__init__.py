"""One file a platform, discovered: a new file here, with a `KIT`, is a new platform everywhere.

Files whose name begins with an underscore hold what several platforms share; `templates/NAME/` holds the
sources of the kit NAME.
"""

import pkgutil
from collections.abc import Sequence
from functools import cache
from importlib import import_module

from export.errors import UnknownPlatformError
from export.kits._kit import Kit


def named_kits(names: Sequence[str]) -> list[Kit]:
    """The kits of these names, in the order of all; without names, all.

    Raises:
        UnknownPlatformError: If there is none of a name.
    """
    known = {kit.name: kit for kit in all_kits()}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UnknownPlatformError(f"expected one of {', '.join(known)}, found {unknown[0]}")
    return [kit for name, kit in known.items() if not names or name in names]


@cache
def all_kits() -> tuple[Kit, ...]:
    """Every kit, by name."""
    names = [module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")]
    kits: list[Kit] = [import_module(f"{__name__}.{name}").KIT for name in names]
    return tuple(sorted(kits, key=lambda kit: kit.name))
