"""Paths from outside that say where in a folder something lies."""

import sys
from pathlib import PurePosixPath


def stays_inside(path: str) -> bool:
    """Whether a relative path, its parts separated by strokes, leads to no place outside of its folder."""
    pure = PurePosixPath(path)
    inside = not pure.is_absolute() and ".." not in pure.parts and "\\" not in path and "\0" not in path
    return inside and (sys.platform != "win32" or ":" not in path)  # which ends the name of a disk there
