"""Hold what somebody's file makes a library allocate within bounds."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def memory_capped(more: int) -> Iterator[None]:
    """Let the process take only so much more memory in the body; whatever asks for more is refused it.

    NumPy says so with a MemoryError, TensorFlow with a ResourceExhaustedError.

    Args:
        more: In bytes, beyond what the process holds already.
    """
    held = int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limits = [held + more, *(limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY)]
    resource.setrlimit(resource.RLIMIT_DATA, (min(limits), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
