"""Find the reason in the messages of Keras, which surround it by configurations, calls and paths."""

import re

from train.console.text import one_line

# Keras wraps an error in others, and quotes it behind these words: the last one is the cause.
CAUSE = re.compile(r"Exception encountered(?: when calling [^\n]*?)?[:.]\s*|Error encountered during \w+:\s*")
# What follows the reason in the same message.
DETAILS = re.compile(
    r"\n*(Arguments received by |Full (object )?config: |Received: config=|config=\{|You can override)",
    re.DOTALL,
)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
PATH = re.compile(r"(?<![\w.])/(?:[^\s'\"():]+/)+[^\s'\"():,]*")


def reason_of(error: BaseException, most: int = 200) -> str:
    """The reason in an error of Keras, on one line without configurations, stacks and paths.

    Args:
        error: As Keras or TensorFlow has raised it.
        most: The most characters of it.
    """
    message = COLOUR.sub("", str(error))
    cause = CAUSE.split(message)[-1]
    text = DETAILS.split(cause, maxsplit=1)[0].strip() or cause.strip()
    line = one_line(re.sub(r"config=\{.*\}", "its configuration", PATH.sub("a file", text), flags=re.DOTALL))
    return one_line(line or type(error).__name__, most).rstrip(" .:")
