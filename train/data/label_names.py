"""Read the names of classes from a `labels.txt`."""

import re
from pathlib import Path

from train.console.text import one_line, plain
from train.data.label_forms import MOST_CLASSES
from train.errors import DataError

MOST_BYTES = 4_000_000
MOST_OF_LABEL = 100  # characters
NUMBERED = re.compile(r"(\d+)[ \t:]+(\S.*)")


def read_label_names(path: Path) -> tuple[str, ...]:
    """Read the names of classes, one a line, in the order of the model's outputs.

    Lines that begin with the number of their class, as Teachable Machine writes them (`0 Cat`), lose it.

    Args:
        path: A text file in UTF-8. Blank lines at its end don't count.

    Raises:
        DataError: If it can't be read, is no such text, or a line is blank or too long.
    """
    if not path.is_file():
        found = "something else" if path.exists() else "no file"
        raise DataError(f"expected a text file with the labels at {path}, found {found}: check the path")
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise DataError(f"expected at most {MOST_BYTES:,} bytes of labels in {path}: put one name a line")
        lines = [plain(line) for line in content.decode("utf-8-sig").rstrip().splitlines()]
    except UnicodeDecodeError:
        raise DataError(f"expected labels in UTF-8 in {path}, found other bytes: save it as UTF-8") from None
    except OSError as error:
        raise DataError(f"expected labels in {path}, can't read it ({one_line(error)}): check it") from None
    if not any(lines):
        raise DataError(f"expected one label a line in {path}, found an empty file: write them into it")
    if len(lines) > MOST_CLASSES:
        raise DataError(
            f"expected at most {MOST_CLASSES:,} labels in {path}, found {len(lines):,}: name fewer"
        )
    for number, line in enumerate(lines, start=1):
        if not line or len(line) > MOST_OF_LABEL:
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
