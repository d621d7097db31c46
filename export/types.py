"""The arrays that all of the export works with."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Images = NDArray[np.uint8]  # (n, height, width, channels), grey levels 0..255
Labels = NDArray[Any]  # see `train.data.splits.Dataset.labels_are`
Probabilities = NDArray[np.float32]  # (n, classes), 0..1; or values
