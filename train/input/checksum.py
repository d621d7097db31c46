"""The SHA-256 of files from outside."""

import hashlib
from pathlib import Path

from train.input.regular_file import UnreadableError, open_regular

MOST_BYTES = 2_000_000_000  # of a file: more than any dataset or model that can be read


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes. Raises UnreadableError if it is no regular file, or too large."""
    with open_regular(path, MOST_BYTES) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_or_empty(path: Path) -> str:
    """The same; empty if the file can't be read, which is reported when it is used."""
    try:
        return sha256_of(path)
    except (OSError, UnreadableError):
        return ""
