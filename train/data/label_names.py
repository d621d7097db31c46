"""Read the names of classes from a `labels.txt`."""

import re
from pathlib import Path

from train.console.text import plain
from train.data.label_forms import MOST_CLASSES, MOST_OF_NAME
from train.errors import DataError
from train.input.regular_file import UnreadableError, read_regular

MOST_BYTES = 4_000_000
NUMBERED = re.compile(r"(\d+)[ \t:]+(\S.*)")


def read_label_names(path: Path) -> tuple[str, ...]:
    """Read the names of classes, one a line, in the order of the model's outputs.

    Lines that begin with the number of their class, as Teachable Machine writes them (`0 Cat`), lose it.

    Args:
        path: A text file in UTF-8. Blank lines at its end don't count.

    Raises:
        DataError: If it can't be read, is no such text, or a line is blank or too long.
    """
    try:
        content = read_regular(path, MOST_BYTES)
        lines = [plain(line) for line in content.decode("utf-8-sig").rstrip().splitlines()]
    except UnicodeDecodeError:
        raise DataError(f"expected labels in UTF-8 in {path}, found other bytes: save it as UTF-8") from None
    except UnreadableError as error:
        raise DataError(f"expected a text file with the labels at {path}, {error}") from None
    if not any(lines):
        raise DataError(f"expected one label a line in {path}, found an empty file: write them into it")
    if len(lines) > MOST_CLASSES:
        raise DataError(
            f"expected at most {MOST_CLASSES:,} labels in {path}, found {len(lines):,}: name fewer"
        )
    for number, line in enumerate(lines, start=1):
        if not line or len(line) > MOST_OF_NAME:
            found = f"{len(line)} characters" if line else "a blank one"
            raise DataError(
                f"expected a short name in line {number} of {path}, found {found}: write it there"
            )
    return tuple(_without_numbers(lines))


def _without_numbers(lines: list[str]) -> list[str]:
    parts = [NUMBERED.fullmatch(line) for line in lines]
    if all(part and int(part[1]) == number for number, part in enumerate(parts)):
        return [part[2] for part in parts if part]
    return lines
