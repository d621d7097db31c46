"""Where the page's sources are, and the folder in which it is built, with npm's packages in it."""

import hashlib
import os
from pathlib import Path

OF_WHEEL, OF_CLONE = Path(__file__).parents[1] / "web", Path(__file__).parents[2] / "web"
SOURCES = OF_WHEEL if OF_WHEEL.is_dir() else OF_CLONE
CACHE_VARIABLE = "INKPROOF_CACHE"


def page_folder() -> Path:
    """The folder in which the page is built: a clone's own `web`, else one in the user's cache folder.

    Where pip has installed a package nothing else belongs: it may be read-only, pip wouldn't remove it, and
    other environments wouldn't find it. The name has a hash of the sources, so that versions keep apart.
    """
    if SOURCES == OF_CLONE:
        return SOURCES
    return _cache_folder() / f"web-{_checksum(SOURCES)[:12]}"


def _cache_folder() -> Path:
    from platformdirs import user_cache_path

    return Path(os.environ.get(CACHE_VARIABLE) or user_cache_path("inkproof", appauthor=False))


def _checksum(folder: Path) -> str:
    """SHA-256 over the names and contents of a folder's files."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    found = hashlib.sha256()
    for file in files:
        found.update(f"{file.relative_to(folder).as_posix()}\0{file.stat().st_size}\0".encode())
        found.update(file.read_bytes())
    return found.hexdigest()
