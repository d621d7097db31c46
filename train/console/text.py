"""Text that came from somebody's file, as a line that any terminal or page may show."""

from __future__ import annotations


def plain(text: str, most: int | None = None) -> str:
    """The text without line ends and other control characters, which names in it may bring.

    Args:
        text: Any text, lone surrogates of a file's name included.
        most: Characters to keep; None for all.
    """
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line if most is None or len(line) <= most else line[: most - 1] + "…"
