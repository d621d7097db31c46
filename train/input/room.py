"""Let threads share what there is of something, as memory: they run side by side where all fit."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Room:
    """So much of something, and what is left of it."""

    def __init__(self, most: int) -> None:
        """All is free.

        Args:
            most: How much there is, as bytes or pixels.
        """
        self._most = self._free = most
        self._changed = Condition()

    @contextmanager
    def taken(self, needed: int) -> Iterator[None]:
        """Wait until as much is free, and take it; whoever needs more than there is takes all."""
        needed = min(needed, self._most)
        with self._changed:
            self._changed.wait_for(lambda: self._free >= needed)
            self._free -= needed
        try:
            yield
        finally:
            with self._changed:
                self._free += needed
                self._changed.notify_all()
