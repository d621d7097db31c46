"""Alone, chief or worker: what a process does in a sweep, as KerasTuner's environment variables have it."""

from __future__ import annotations

import os
import socket
import time
from enum import Enum

from train.errors import SweepError

# What makes this process one of several: KerasTuner reads them itself.
NAME, HOST, PORT = VARIABLES = ("KERASTUNER_TUNER_ID", "KERASTUNER_ORACLE_IP", "KERASTUNER_ORACLE_PORT")
PATIENCE_S = 120.0  # for a chief that isn't serving yet: a cold TensorFlow takes a minute to import
POLL_S = 0.5


class Role(Enum):
    """What this process does in a sweep."""

    ALONE = "draws the trials and trains them"
    CHIEF = "draws the trials and gives them to workers"
    WORKER = "trains the trials that the chief gives it"


def find_role() -> Role:
    """What the environment says that this process is.

    Raises:
        SweepError: If some of KerasTuner's variables are set and others aren't, or the port is none.
    """
    missing = [name for name in VARIABLES if not os.environ.get(name)]
    if len(missing) == len(VARIABLES):
        return Role.ALONE
    if missing:
        raise SweepError(
            f"expected {', '.join(VARIABLES)} all set or none of them, found no {missing[0]}: "
            "set it, or unset the others to sweep in one process"
        )
    port = os.environ[PORT]
    if not port.isdecimal() or not 0 < int(port) < 2**16:
        raise SweepError(f"expected a port, 1 to 65535, in {PORT}, found {port!r}: name a free one")
    return Role.CHIEF if "chief" in os.environ[NAME] else Role.WORKER


def address() -> str:
    """Where the chief serves, as HOST:PORT."""
    return f"{os.environ[HOST]}:{os.environ[PORT]}"


def wait_for_chief() -> None:
    """Return as soon as the chief can be reached.

    Raises:
        SweepError: If it can't for so long that it won't.
    """
    begin = time.monotonic()
    while True:
        try:
            socket.create_connection((os.environ[HOST], int(os.environ[PORT])), timeout=PATIENCE_S).close()
            return
        except OSError as error:
            if time.monotonic() - begin > PATIENCE_S:
                raise SweepError(
                    f"expected a chief at {address()}, none answered for {PATIENCE_S:.0f} s ({error}): start "
                    "one, unless its sweep is done"
                ) from None
        time.sleep(POLL_S)
