"""Find what lies in a row."""

import numpy as np
from numpy.typing import NDArray


def runs(marked: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Beginnings and ends of the runs of True in a row, shape (n,)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], marked.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
