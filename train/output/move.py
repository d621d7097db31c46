"""Rename files and folders, and flush them to the disk, as far as each system can."""

import os
import sys
import time
from pathlib import Path

# On Windows nothing can be renamed while a file of it is open, as a virus scanner opens all that is new.
PATIENCE_S = 10.0 if sys.platform == "win32" else 0.0
RETRY_S = 0.02


def move(source: Path, target: Path) -> None:
    """Rename a file or folder; a file replaces one that has the name."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            source.replace(target)
            return
        except PermissionError:
            if time.monotonic() >= deadline:
                raise
        time.sleep(RETRY_S)


def sync(path: Path) -> None:
    """Flush a file, or a folder with everything in it, to the disk."""
    if path.is_dir():
        for entry in path.iterdir():
            sync(entry)
    sync_entries(path)


def sync_entries(path: Path) -> None:
    """Flush a file, or a folder's list of entries, to the disk; on Windows only files that may be written."""
    if sys.platform == "win32":
        if path.is_dir() or not os.access(path, os.W_OK):
            return
        descriptor = os.open(path, os.O_RDWR)
    else:
        descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
