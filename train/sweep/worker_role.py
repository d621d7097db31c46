"""The role of a process in a sweep (alone, chief or worker), from KerasTuner's environment variables."""

import os
import socket
import time
from enum import Enum

from train.errors import SweepError

# They make this process one of several; KerasTuner reads them, too.
NAME, HOST, PORT = VARIABLES = ("KERASTUNER_TUNER_ID", "KERASTUNER_ORACLE_IP", "KERASTUNER_ORACLE_PORT")
PATIENCE_S = 120.0  # for a chief that is still starting: TensorFlow may take a minute to import
POLL_S = 0.5


class Role(Enum):
    """The role of this process in a sweep."""

    ALONE = "draws the trials and trains them"
    CHIEF = "draws the trials and gives them to workers"
    WORKER = "trains the trials that the chief gives it"


def find_role() -> Role:
    """The role according to the environment.

    Raises:
        SweepError: If only some of KerasTuner's variables are set, or the port is invalid.
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
        raise SweepError(f"expected a port, 1 to 65535, in {PORT}, found {port!r}: choose a free one")
    return Role.CHIEF if "chief" in os.environ[NAME] else Role.WORKER


def address() -> str:
    """The address of the chief, as HOST:PORT."""
    return f"{os.environ[HOST]}:{os.environ[PORT]}"


def wait_for_chief() -> None:
    """Return as soon as the chief can be reached.

    Raises:
        SweepError: If it can't be reached within `PATIENCE_S`.
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
                    "one, unless its sweep has ended"
                ) from None
        time.sleep(POLL_S)
