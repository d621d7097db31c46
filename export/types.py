"""The arrays that all of the export works with."""

import numpy as np
from numpy.typing import NDArray

Images = NDArray[np.uint8]  # (n, height, width, channels), grey levels 0..255
Labels = NDArray[np.uint8]  # (n,), class numbers
Probabilities = NDArray[np.float32]  # (n, classes), 0..1
