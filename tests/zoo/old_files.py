"""Files that Keras 2 itself has written, with its own predictions."""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from shutil import copyfile

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
        path = Path(copyfile(files() / f"{self.name}.h5", folder / "model.h5"))
        predictions = np.load(files() / f"{self.name}.npy")
        return Saved(path, self.taken, lambda pictures: predictions[: len(pictures)])


@cache
def files() -> Path:
    """The folder of all files, written once; it goes with the process."""
    folder = Path(FOLDER.name)
    command = [sys.executable, "-m", "tests.zoo.keras2_files", str(folder)]
    subprocess.run(command, cwd=Path(__file__).parents[2], check=True, capture_output=True)
    return folder


FOLDER = tempfile.TemporaryDirectory(prefix="keras2-")

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
