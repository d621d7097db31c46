"""Find programs that people have installed: on the PATH, else where their installers put them."""

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

VARIABLES = ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData")  # that name folders of programs on Windows


def find_program(names: Sequence[str], places: Mapping[str, Sequence[str]]) -> str | None:
    """Path of a program; None if it isn't found.

    Args:
        names: Its names on the PATH.
        places: By `sys.platform`, where it lies in a folder of programs.
    """
    on_path = next(filter(None, map(shutil.which, names)), None)
    there = (home / place for home in _homes() for place in places.get(sys.platform, ()))
    return on_path or next((str(program) for program in there if program.is_file()), None)


def _homes() -> list[Path]:
    if sys.platform == "win32":
        return [Path(os.environ[name]) for name in VARIABLES if name in os.environ]
    return [Path("/Applications"), Path.home() / "Applications"]
