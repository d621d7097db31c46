"""A display that nobody sees, for browsers that draw nothing without one."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from export.runtimes.browsers._browser import no_start

PROGRAM = "Xvfb"
SIZE = "1280x1024x24"


def has_display() -> bool:
    """Whether one can be started here."""
    return shutil.which(PROGRAM) is not None


@contextmanager
def hidden_display() -> Iterator[str]:
    """Start one, and end it afterwards.

    Returns:
        Its name, as `$DISPLAY` has it.

    Raises:
        BrowserError: If it doesn't start.
    """
    reading, writing = os.pipe()
    command = [PROGRAM, "-displayfd", str(writing), "-screen", "0", SIZE, "-nolisten", "tcp"]
    with subprocess.Popen(
        command,
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as server:
        os.close(writing)
        with os.fdopen(reading) as said:
            number = said.readline().strip()
        try:
            if not number:
                raise no_start(PROGRAM, "it has ended")
            yield f":{number}"
        finally:
            server.terminate()
