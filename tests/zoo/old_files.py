"""Files that Keras 2 itself has written, with its own predictions."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.export.reference.bars import SIDE
from tests.zoo.authors import Saved
from tests.zoo.inputs import LACKS_GRU
from tests.zoo.pictures import FEEDS_OF_KERAS_2, Array, Pictures, as_they_are, colour, grey, unchanged
from tests.zoo.zoo import Case, Zoo

COLOUR = (SIDE, SIDE, 3)


@dataclass(frozen=True)
class Keras2:
    """A model made with Keras 2, by its name in `tests.zoo.keras2_files`."""

    name: str
    pictures: Callable[[], Pictures] = colour
    taken: tuple[int, ...] = COLOUR

    @property
    def feed(self) -> Callable[[Array], Array]:
        """Makes what the model takes of grey levels."""
        return FEEDS_OF_KERAS_2.get(self.name, as_they_are)

    @property
    def read(self) -> Callable[[Array], Array]:
        """Makes probabilities of what the model gives."""
        return unchanged

    def save(self, folder: Path) -> Saved:
        """Save the model into a folder."""
        command = [sys.executable, "-m", "tests.zoo.keras2_files", self.name, str(folder)]
        subprocess.run(command, cwd=Path(__file__).parents[2], check=True, capture_output=True)
        predictions = np.load(folder / "predictions.npy")
        return Saved(folder / "model.h5", self.taken, lambda pictures: predictions[: len(pictures)])


OLD_FILES: Zoo = {
    "Keras 2, `lr` in its optimizer, pixels of 0..1": Case(Keras2("plain"), scale="0..1", quick=True),
    "Keras 2, rows": Case(Keras2("rows", grey, (SIDE * SIDE,)), scale="0..1"),
    "Keras 2, Teachable Machine": Case(Keras2("teachable machine")),
    "Keras 2, pixels of -1..1": Case(Keras2("mobilenet"), scale="-1..1"),
    "Keras 2, slashes in names": Case(Keras2("slashes")),
    "Keras 2, operator": Case(Keras2("operator")),
    "Keras 2, LSTM": Case(Keras2("lstm")),
    "Keras 2, GRU": Case(Keras2("gru"), lacking=LACKS_GRU),
    "Keras 2, bidirectional": Case(Keras2("bidirectional")),
    "Keras 2, augmentation": Case(Keras2("augmented")),
    "Keras 2, mixed precision": Case(Keras2("mixed"), within=5e-3),
}
