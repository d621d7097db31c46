"""Text from outside as one line: names in other people's files, and the messages of libraries."""

from __future__ import annotations


def plain(text: str, most: int | None = None) -> str:
    """The text without line ends and other control characters, which names in it may bring.

    Args:
        text: Any text, lone surrogates of a file's name included.
        most: Characters to keep; None for all.
    """
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line if most is None or len(line) <= most else line[: most - 1] + "…"


def one_line(error: BaseException | str, most: int = 300) -> str:
    """The beginning of an error's message on one line, to be quoted in an error message of this project.

    Args:
        error: An exception or the text of one. Messages of Keras and of MLIR span many lines.
        most: Number of characters to keep.

    Returns:
        The exception's class name if it has no message.
    """
    message = str(error).strip() or (type(error).__name__ if isinstance(error, BaseException) else "")
    return " ".join(message.split())[:most]
