"""Find the dataset and split it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from train.console.say import warn
from train.console.text import plain
from train.contract import InputContract
from train.data import keras_datasets, mnist
from train.data.assemble import assemble
from train.data.folder import read_folder
from train.data.folder_index import folder_sha256, index_folder
from train.data.noise import NOISE, noise_dataset
from train.data.npz import files_of, read_npz
from train.data.picture_shape import PictureShape
from train.data.splits import Dataset, Split, content_sha256, split_dataset
from train.errors import DataError, NetworkError
from train.input.checksum import sha256_or_empty

__all__ = ["Dataset", "Split", "content_sha256", "split_dataset"]

MOST_OF_NAME = 80  # characters of a file's name in tables and titles

PEN = "pen"
State = tuple[tuple[int, ...], ...]
WITHOUT_PATH = {PEN, NOISE, *keras_datasets.NAMES}


@dataclass(frozen=True, slots=True)
class DatasetFile:
    """The location of a dataset.

    Attributes:
        path: Its `.npz` or folder; None for the embedded pen digits, noise, and what Keras downloads.
        choice: The user's choice, see `locate_dataset`.
        state: Of its files when it was located, see `state_of`.
    """

    path: Path | None
    choice: str | None
    state: State = ()

    @classmethod
    def at(cls, path: Path, choice: str | None) -> DatasetFile:
        """The dataset of a path, as it is now."""
        return cls(path, choice, state_of(path))

    def identity(self) -> dict[str, str]:
        """The name and the SHA-256 of the files, which identify the dataset without decoding its images."""
        if self.path is None:
            return {"name": self.choice if self.choice in WITHOUT_PATH else PEN}
        if self.path.is_dir():
            return {"name": self.path.resolve().name, "sha256": folder_sha256(self.path)}
        digest = ", ".join(map(sha256_or_empty, files_of(self.path)))
        # Demanded as MNIST, other data are refused, but only when they are read.
        demanded = {"demanded": "mnist"} if self.choice == "mnist" and digest != mnist.FILE_SHA256 else {}
        return {"name": self.path.name, "sha256": digest, **demanded}

    def read(self, wanted: PictureShape | None = None, classes: int | None = None) -> Dataset:
        """Read and split the dataset.

        Args:
            wanted: The shape of the pictures that the model takes, as far as it is known. Noise and the
                pictures of a folder get this shape, rows of pixels are cut into it, and grey pictures are
                repeated for its three channels; a picture that can't have it keeps its own.
            classes: Number of the model's classes, if it is known: labels 1..classes are numbered from 0.

        Raises:
            DataError: If it is missing, damaged, not MNIST where MNIST was demanded, or another than the one
                that was found.
            NetworkError: If Keras can't download it.
        """
        dataset = self._read(wanted, classes)
        if self.path is not None and state_of(self.path) != self.state:
            raise DataError(
                f"expected {self.path} to stay as it was while it was read, found that it was changed: "
                "run the command again"
            )
        return dataset

    def _read(self, wanted: PictureShape | None, classes: int | None) -> Dataset:
        path, choice = self.path, self.choice
        if choice == NOISE:
            return noise_dataset(wanted)
        if choice in keras_datasets.NAMES:
            return keras_datasets.read(choice, wanted, classes)
        if path is None:
            return pen_dataset()
        dataset = open_dataset(path, wanted, classes)
        if choice in (None, "mnist") and dataset.name != "mnist":
            message = f"expected MNIST at {path}, found other data (sha256 {dataset.sha256[:12]}...)"
            if choice == "mnist":
                raise DataError(f"{message}: remove it, or set MNIST_NPZ to the path of MNIST")
            warn(f"{message}; continuing with it as '{dataset.name}'")
        return dataset


def state_of(path: Path) -> State:
    """What changes whenever a file of a dataset is written or replaced; empty if it can't be read."""
    try:
        files = [found.path for found in index_folder(path).pictures] if path.is_dir() else files_of(path)
        found = [file.stat() for file in files]
    except (OSError, DataError):
        return ()
    return tuple((one.st_dev, one.st_ino, one.st_size, one.st_mtime_ns, one.st_ctime_ns) for one in found)


def find_dataset(choice: str | None = None, wanted: PictureShape | None = None) -> Dataset:
    """Find the dataset, see `locate_dataset`, read it, and print its notes on stderr.

    Args:
        choice: See `locate_dataset`.
        wanted: See `DatasetFile.read`.

    Raises:
        DataError: If the chosen dataset is missing, damaged, or not MNIST where MNIST was demanded.
        NetworkError: If `mnist` was demanded and the download fails.
    """
    dataset = locate_dataset(choice).read(wanted)
    for note in dataset.notes:
        warn(note)
    return dataset


def locate_dataset(choice: str | None = None, *, before: str | None = None) -> DatasetFile:
    """Find the dataset: the choice, `$MNIST_NPZ`, the Keras cache, the official download, in this order.

    If the download fails, and only then, the embedded pen digits replace MNIST, with a message on stderr.

    Args:
        choice: Path of an `.npz`, or of a folder of pictures by class; `mnist` for MNIST and nothing else;
            `fashion_mnist`, `cifar10` or `cifar100` for what Keras downloads; `pen` for the embedded digits;
            `noise` for pictures of noise without labels; None for the order above.
        before: Name of the dataset of the previous run. If it is `pen`, nothing is downloaded: the pen digits
            are used again, and the results made from them stay valid.

    Raises:
        DataError: If the downloaded file isn't MNIST.
        NetworkError: If `mnist` was demanded and the download fails.
    """
    if choice in WITHOUT_PATH:
        return DatasetFile(None, choice)
    if choice not in (None, "mnist"):
        return DatasetFile.at(Path(choice), choice)
    home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    local = mnist.find_local(home)
    if local is None and choice is None and before == PEN:
        warn(
            "expected a local MNIST, found none; continuing with the embedded pen digits as "
            "before, NOT MNIST: set MNIST_NPZ to the path of an mnist.npz, or download it with --data mnist"
        )
        return DatasetFile(None, choice)
    try:
        return DatasetFile.at(local or mnist.download(home), choice)
    except NetworkError as error:
        if choice == "mnist":
            raise
        warn(f"{error}; continuing with the embedded pen digits, NOT MNIST")
        return DatasetFile(None, choice)


def open_dataset(path: Path, wanted: PictureShape | None = None, classes: int | None = None) -> Dataset:
    """Read and split an `.npz`, or a folder of pictures by class.

    Args:
        path: The file or folder.
        wanted: See `DatasetFile.read`.
        classes: See `DatasetFile.read`.

    Raises:
        DataError: See `train.data.npz.read_npz` and `train.data.folder.read_folder`.
    """
    if path.is_dir():
        # The stroke prevents any folder from being called `mnist` or `pen`, and the suffix any file.
        return read_folder(path, f"{plain(path.resolve().name, MOST_OF_NAME)}/", wanted)
    name = plain(path.with_suffix(".npz").name, MOST_OF_NAME)
    dataset = assemble(name, read_npz(path), path, wanted, classes)
    return replace(dataset, name="mnist") if dataset.sha256 == mnist.CONTENT_SHA256 else dataset


@cache
def pen_test_split() -> Split:
    """The test split of the embedded dataset alone, drawn once in a process."""
    return pen_dataset(train=1).test


def pen_dataset(train: int = 12_000, test: int = 2_000) -> Dataset:
    """The embedded dataset: digits drawn from pen strokes, identical on every machine."""
    from train.data.pen import dataset

    contract = InputContract()
    arrays = {}
    for seed, (half, count) in enumerate((("train", train), ("test", test))):
        images, arrays[f"y_{half}"] = dataset(count, seed, contract)
        arrays[f"x_{half}"] = images[..., None]
    return split_dataset(PEN, content_sha256(arrays), arrays)
