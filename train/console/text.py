"""Text from outside as one line: names in other people's files, and the messages of libraries."""


def printable(text: str) -> str:
    """Any text, even with lone surrogates, with a space for each letter that can't be printed.

    That is what steers a terminal or the direction of writing, and line ends. The length stays the same.
    """
    return text if text.isprintable() else "".join(letter if letter.isprintable() else " " for letter in text)


def plain(text: str, most: int | None = None) -> str:
    """The same without repeated spaces, at most `most` letters of it."""
    line = " ".join(printable(text).split())
    return line if most is None or len(line) <= most else line[: most - 1] + "…"


def is_unicode(text: str) -> bool:
    """Whether a path has a name in UTF-8: TensorFlow takes no other."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def one_line(error: BaseException | str, most: int = 300) -> str:
    """The first `most` characters of an error's message on one line, to be quoted in another message.

    Messages of Keras and of MLIR span many lines. An exception without a message gives its class name.
    """
    message = str(error).strip() or (type(error).__name__ if isinstance(error, BaseException) else "")
    return " ".join(message.split())[:most]
