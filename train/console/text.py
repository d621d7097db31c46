"""Text from outside as one line: names in other people's files, and the messages of libraries."""


def plain(text: str, most: int | None = None) -> str:
    """Any text, even with lone surrogates, on one line of printable characters, at most `most` of them."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line if most is None or len(line) <= most else line[: most - 1] + "…"


def one_line(error: BaseException | str, most: int = 300) -> str:
    """The first `most` characters of an error's message on one line, to be quoted in another message.

    Messages of Keras and of MLIR span many lines. An exception without a message gives its class name.
    """
    message = str(error).strip() or (type(error).__name__ if isinstance(error, BaseException) else "")
    return " ".join(message.split())[:most]
