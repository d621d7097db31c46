"""Build a model in a process of its own, of limited memory and time, before the command itself builds it.

Run as a module this file is that process: it exits with status 1 and a line on stdout if it refuses the file.
"""

import sys
from pathlib import Path

from train.console.quiet import import_tensorflow
from train.errors import ModelError
from train.model_file.apart import check_apart, limit_time

# Of CPU time, beyond the import of TensorFlow. A model of 100 attention layers takes two.
MOST_SECONDS = 8


def build_apart(path: Path) -> None:
    """Build the model in a file elsewhere, to see that it can be done here.

    Raises:
        ModelError: If it can't, for whatever reason.
    """
    check_apart(
        "train.model_file.trial",
        path,
        f"expected a model that can be built in {MOST_SECONDS} s and little memory at {path}, found one "
        "that can't ({status}): use fewer or smaller layers, and no unrolled ones",
    )


if __name__ == "__main__":
    from train.model_file.load import load_alone

    import_tensorflow()
    limit_time(MOST_SECONDS)
    try:
        load_alone(Path(sys.argv[1]))
    except ModelError as error:
        print(error)
        sys.exit(1)
