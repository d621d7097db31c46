"""Commands of `train` as users give them: a process each, in which a warning of Keras's is an error."""

import os
import subprocess
import sys


def train(*arguments, timeout_s):
    """The completed process of `python -m train` with the arguments, its streams as text."""
    return subprocess.run(
        [sys.executable, "-m", "train", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
        env=os.environ | {"PYTHONWARNINGS": "error::UserWarning:keras"},
    )
