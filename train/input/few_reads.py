"""Bounds of pictures, and a file that a parser can't read in millions of pieces: minutes fit into 200 MB."""

from io import BufferedReader

# A picture takes some thousand; one of a million runs, as BMP has them, two million.
MOST_READS = 2_000_000
MOST_PIXELS = 64_000_000


class FewReads(BufferedReader):
    """An open file of which so many pieces can be read and no more; then reading raises a ValueError."""

    def __init__(self, file: BufferedReader) -> None:
        """Take over an open file."""
        super().__init__(file.detach())
        self._left = MOST_READS

    def read(self, size: int | None = -1, /) -> bytes:
        """Read a piece. Raises ValueError if there were too many."""
        self._left -= 1
        if self._left < 0:
            raise ValueError(f"it consists of more than {MOST_READS:,} pieces")
        return super().read(size)
