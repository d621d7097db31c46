"""Tables of hostile files: how each is made, and what is said of it; nothing of one that is good."""

from collections.abc import Callable
from pathlib import Path

Table = dict[str, tuple[Callable[[Path], object], str]]


def made(table: Table, folder: Path) -> list[Path]:
    """The files of a table, numbered in a folder of their own."""
    folder.mkdir()
    files = [folder / str(number) for number in range(len(table))]
    for file, (make, _) in zip(files, table.values(), strict=True):
        make(file)
    return files


def containing(content: bytes | Callable[[], bytes]) -> Callable[[Path], object]:
    """Makes a file of this content, or of what is returned."""
    return lambda path: path.write_bytes(content() if callable(content) else content)
