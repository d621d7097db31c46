"""Limit the memory that a library can allocate for a file from outside."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def memory_capped(more: int) -> Iterator[None]:
    """Limit how much more memory the process can allocate in the body.

    Beyond the limit NumPy raises a MemoryError, TensorFlow a ResourceExhaustedError. Only Linux has such a
    limit; elsewhere there is none.

    Args:
        more: In bytes, on top of what the process has allocated already.
    """
    if sys.platform != "linux":
        yield
        return
    import resource

    held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limits = [held + more, *(limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY)]
    resource.setrlimit(resource.RLIMIT_DATA, (min(limits), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
