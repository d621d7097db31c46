"""Open zip archives (`.npz`, `.keras`), but not those that would exhaust memory or escape their folder."""

import stat
import zipfile
from collections.abc import Iterator, Set
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from train.input.inner_path import stays_inside
from train.input.regular_file import open_regular

# An .npz has a handful. In memory each takes ten times its 46 bytes in the file.
MOST_MEMBERS = 1000
MOST_BYTES = 2_000_000_000  # three times what may be unpacked of it
ENTRY = b"PK\x01\x02"  # starts each entry of the list at the end of an archive
# LZMA and bzip2 unpack all of their input at once, even if only a part is read.
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


@contextmanager
def open_archive(path: Path, methods: Set[int] = METHODS) -> Iterator[zipfile.ZipFile]:
    """Open a zip archive for reading, after checking its list of members.

    Args:
        path: The archive.
        methods: The allowed compression methods, by `zipfile`'s numbers.

    Raises:
        ValueError: If it lists too many members, the same name twice, links, names outside of its folder, or
            other compression methods.
        zipfile.BadZipFile: If it is not a zip archive.
        UnreadableError: If it is no regular file, or larger than 2 GB.
    """
    with open_regular(path, MOST_BYTES) as file:
        _check_count(file)
        with zipfile.ZipFile(file) as archive:
            for member in archive.infolist():
                _check_member(member, methods)
            if len(set(archive.namelist())) < len(archive.namelist()):
                raise ValueError("it names a member twice")
            yield archive


def _check_count(file: BufferedReader) -> None:
    """Count the entries before `zipfile` loads them all."""
    count = 0
    while piece := file.read(1 << 20):
        count += piece.count(ENTRY)
    file.seek(0)
    if count > MOST_MEMBERS:
        raise ValueError(f"it lists more than {MOST_MEMBERS:,} members")


def _check_member(member: zipfile.ZipInfo, methods: Set[int]) -> None:
    if not stays_inside(member.filename) or ":" in member.filename:
        raise ValueError(f"its member {member.filename[:80]!r} leads out of it")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise ValueError(f"its member {member.filename[:80]!r} is a link")
    if member.compress_type not in methods:
        raise ValueError(
            f"its member {member.filename[:80]!r} is compressed by method {member.compress_type}"
        )
