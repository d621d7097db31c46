"""Change bytes of a model file at random and judge each in a forked process, for some seconds.

    python fuzz_model_file.py GOOD FOLDER SECONDS

Prints how many were judged clean, refused, or crashed HDF5's library, as JSON; keeps clean ones in FOLDER.
Fails at, and keeps, one whose judgement raises anything but an InkproofError, or takes 2 GB, or waits.
"""

import json
import os
import resource
import signal
import sys
import time
from pathlib import Path

import h5py  # noqa: F401  once, not in each process
import numpy as np

from tests.export.hostile.fuzzing import mutated
from train.errors import InkproofError
from train.model_file.apart import limit_time
from train.model_file.inspector import MOST_SECONDS, inspect_file

MOST_KILOBYTES = 2_000_000
MOST_WAITING = 300  # in seconds: eight of computing are many on a busy machine
CLEAN, REFUSED, UNCAUGHT = 0, 1, 99


def judged_apart(path: Path) -> int:
    """Exit status, negative for a signal."""
    child = os.fork()
    if not child:
        signal.alarm(MOST_WAITING)
        limit_time(MOST_SECONDS)
        try:
            inspect_file(path)
        except InkproofError as error:
            os._exit(REFUSED if "\n" not in str(error) else UNCAUGHT)
        except BaseException:
            os._exit(UNCAUGHT)
        os._exit(CLEAN)
    _, status, usage = os.wait4(child, 0)
    assert usage.ru_maxrss < MOST_KILOBYTES, f"{usage.ru_maxrss} kB for {path}"
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    good, folder, seconds = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    random, content = np.random.default_rng(), good.read_bytes()
    found = {"clean": 0, "refused": 0, "crashed": 0}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        path = folder / f"{sum(found.values())}{good.suffix}"
        path.write_bytes(mutated(content, random))
        status = judged_apart(path)
        assert status not in (UNCAUGHT, -signal.SIGALRM), f"status {status} for {path}"
        found["clean" if status == CLEAN else "refused" if status == REFUSED else "crashed"] += 1
        if status != CLEAN:
            path.unlink()
    print(json.dumps(found))
