"""The most memory that a process has held."""

import re
import sys
from importlib import import_module
from pathlib import Path


def peak_bytes(process: str) -> int:
    """The most memory that a process has held, by its number; `self` for this one.

    On macOS, which says that of this process only, it is what another one holds now.
    """
    if sys.platform == "linux":
        # Not by `getrusage`: what that gives begins with the peak of the process that started this one.
        status = Path("/proc", process, "status").read_text(encoding="ascii")
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found is not None
        return 1024 * int(found[1])
    if sys.platform == "darwin" and process == "self":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    memory = import_module("psutil").Process(None if process == "self" else int(process)).memory_info()
    return int(getattr(memory, "peak_wset", memory.rss))
