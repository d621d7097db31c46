"""A model file as it is at one moment: what is judged is what is loaded, hashed and kept."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from train.errors import InkproofError, ModelError
from train.model_file.load import check_file, demand_file, load_checked
from train.output.move import move
from train.output.transaction import recover

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A judged copy of a model file, which nobody else writes: a training may replace the original.

    Attributes:
        path: The copy.
        original: The file that it was copied from, and that errors name.
    """

    path: Path
    original: Path

    @classmethod
    def take(cls, original: Path, folder: Path) -> ModelFile:
        """Copy a model file into a folder as `model.h5` or `model.keras`, and judge the copy.

        Raises:
            ModelError: If `check_file` refuses it.
        """
        demand_file(original)
        # What a file is that is no model shows in its name, too.
        judged = cls(Path(tempfile.mkdtemp(dir=folder), original.name), original)
        try:
            shutil.copyfile(original, judged.path)
        except OSError as error:
            raise ModelError(
                f"expected to read {original}, it failed ({error.strerror}): check its permissions"
            ) from None
        with judged.named():
            check_file(judged.path)
        kept = folder / f"model{original.suffix.lower()}"
        move(judged.path, kept)
        judged.path.parent.rmdir()
        return cls(kept, original)

    def load(self) -> keras.Model:
        """Load the copy, see `load_checked`."""
        with self.named():
            return load_checked(self.path)

    @contextmanager
    def named(self) -> Iterator[None]:
        """Have errors in the body name the original."""
        try:
            yield
        except InkproofError as error:
            message = str(error).replace(str(self.path), str(self.original))
            raise type(error)(message) from error.__cause__


def load_model(path: Path) -> keras.Model:
    """Judge a `.h5` or `.keras`, then load it in Keras's safe mode, not compiled.

    Raises:
        ModelError: If `check_file` refuses the file, or Keras can't load it.
        InkproofError: If a killed run has left the file half replaced, and that can't be completed.
    """
    with taken(path) as file:
        return file.load()


@contextmanager
def taken(path: Path) -> Iterator[ModelFile]:
    """A judged copy of a model file, as long as the body runs.

    Raises:
        ModelError: If `check_file` refuses the file.
        InkproofError: If a killed run has left the file half replaced, and that can't be completed.
    """
    recover(path.parent)
    with tempfile.TemporaryDirectory() as folder:
        yield ModelFile.take(path, Path(folder))
