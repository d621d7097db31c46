"""Whether lines that were printed can be drawn over."""

import os
from typing import TextIO


def is_terminal(stream: TextIO) -> bool:
    """Whether a stream is a terminal whose cursor moves.

    Jupyter and Colab give commands a terminal, but show all that is written to it, one piece after the other.
    And $FORCE_COLOR, which they set, doesn't make a terminal of a file.
    """
    return stream.isatty() and "JPY_PARENT_PID" not in os.environ
