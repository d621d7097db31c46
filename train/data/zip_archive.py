"""Open a zip archive, as `.npz` and `.keras` are, whose members can't outgrow memory or lead out of it."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Set
from pathlib import Path, PurePosixPath

# An .npz holds a handful. Each costs ten times its 46 bytes in the file once it is listed.
MOST_MEMBERS = 1000
ENTRY = b"PK\x01\x02"  # begins each entry of the list at an archive's end
# LZMA and bzip2 unpack whatever they are given at once, however little is asked for.
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


def open_archive(path: Path, methods: Set[int] = METHODS) -> zipfile.ZipFile:
    """Open a zip archive for reading, unless its list of members is a trap.

    Args:
        path: The archive.
        methods: How members may be compressed, as `zipfile` numbers it.

    Raises:
        ValueError: If it lists too many members, the same name twice, links, names that lead out of it, or
            ones compressed otherwise.
        zipfile.BadZipFile: If it is no zip archive.
        OSError: If it can't be read.
    """
    _check_count(path)
    archive = zipfile.ZipFile(path)
    try:
        for member in archive.infolist():
            _check_member(member, methods)
        if len(set(archive.namelist())) < len(archive.namelist()):
            raise ValueError("it names a member twice")
    except ValueError:
        archive.close()
        raise
    return archive


def _check_count(path: Path) -> None:
    """Count the entries before `zipfile` keeps them all."""
    count = 0
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            count += piece.count(ENTRY)
    if count > MOST_MEMBERS:
        raise ValueError(f"it lists more than {MOST_MEMBERS:,} members")


def _check_member(member: zipfile.ZipInfo, methods: Set[int]) -> None:
    name = PurePosixPath(member.filename)
    if name.is_absolute() or ".." in name.parts or "\\" in member.filename or ":" in member.filename:
        raise ValueError(f"its member {member.filename[:80]!r} leads out of it")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise ValueError(f"its member {member.filename[:80]!r} is a link")
    if member.compress_type not in methods:
        raise ValueError(
            f"its member {member.filename[:80]!r} is compressed by method {member.compress_type}"
        )
