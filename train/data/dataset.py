"""Find the dataset and split it."""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from train.console.text import plain
from train.contract import InputContract
from train.data import mnist
from train.data.npz import ARRAYS, read_npz
from train.errors import DataError, NetworkError

VALIDATION_FRACTION = 1 / 12  # 5,000 of MNIST's 60,000
SPLIT_SEED = 1998  # the split is the same for all training seeds
MOST_OF_NAME = 80  # characters of a file's name in tables and titles

PEN = "pen"


@dataclass(frozen=True, slots=True)
class Split:
    """Images and their classes.

    Attributes:
        images: Shape (n, rows, columns, channels), uint8, grey levels 0..255.
        labels: Shape (n,), uint8, class numbers from 0.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    def __len__(self) -> int:
        """Number of images."""
        return len(self.labels)

    def as_floats(self) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        """Images in the type that models take, and labels."""
        return self.images.astype(np.float32), self.labels


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset in three disjoint splits.

    Attributes:
        name: `mnist` (only if every byte is MNIST's), `pen`, or the file's name.
        sha256: Hash of the arrays, see `content_sha256`.
        train: The split for training and for calibrating quantizers.
        validation: The split for choosing epochs and architectures.
        test: The split for reported figures; nothing is chosen on it.
    """

    name: str
    sha256: str
    train: Split
    validation: Split
    test: Split

    @property
    def classes(self) -> int:
        """Number of classes."""
        return 1 + max(int(s.labels.max()) for s in (self.train, self.validation, self.test))

    def holding_out(self, fraction: float) -> Dataset:
        """The same dataset with a validation split of another size, and the same test split.

        Of two validation splits the larger one contains the smaller one.

        Args:
            fraction: Size of the validation split as a fraction of training and validation split together,
                between 0 and 1; both keep at least one image.
        """
        count = len(self.train) + len(self.validation)
        held_out = min(max(1, round(count * fraction)), count - 1)
        if held_out == len(self.validation):
            return self
        images = np.concatenate([self.validation.images, self.train.images])
        labels = np.concatenate([self.validation.labels, self.train.labels])
        return replace(
            self,
            train=Split(images[held_out:], labels[held_out:]),
            validation=Split(images[:held_out], labels[:held_out]),
        )

    def calibration(self, per_class: int) -> NDArray[np.uint8]:
        """The first `per_class` training images of each class, alternating between the classes.

        Returns:
            Shape (up to per_class x classes, rows, columns, channels), uint8.
        """
        firsts = [np.flatnonzero(self.train.labels == label)[:per_class] for label in range(self.classes)]
        # Alternating, so that a converter that reads only some of them still sees every class.
        turns = np.concatenate([np.arange(len(first)) for first in firsts])
        chosen = np.concatenate(firsts)[np.argsort(turns, kind="stable")]
        return np.asarray(self.train.images[chosen])


@dataclass(frozen=True, slots=True)
class DatasetFile:
    """The location of a dataset.

    Attributes:
        path: Its `.npz`; None for the embedded pen digits.
        choice: The user's choice, see `locate_dataset`.
    """

    path: Path | None
    choice: str | None

    def identity(self) -> dict[str, str]:
        """The name and the file's SHA-256, which identify the dataset without reading its images."""
        if self.path is None:
            return {"name": PEN}
        digest = file_sha256(self.path)
        # Demanded as MNIST, other data are refused, but only when they are read.
        demanded = {"demanded": "mnist"} if self.choice == "mnist" and digest != mnist.FILE_SHA256 else {}
        return {"name": self.path.name, "sha256": digest, **demanded}


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes; empty if it can't be read, which is reported when the file is used."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def find_dataset(choice: str | None = None) -> Dataset:
    """Find the dataset and read it, see `locate_dataset` and `read_dataset`.

    Raises:
        DataError: If the chosen dataset is missing, damaged, or not MNIST where MNIST was demanded.
        NetworkError: If `mnist` was demanded and the download fails.
    """
    return read_dataset(locate_dataset(choice))


def locate_dataset(choice: str | None = None, *, before: str | None = None) -> DatasetFile:
    """Find the dataset: the choice, `$MNIST_NPZ`, the Keras cache, the official download, in this order.

    If the download fails, and only then, the embedded pen digits replace MNIST, with a message on stderr.

    Args:
        choice: Path of an `.npz` in Keras layout; `mnist` for MNIST and nothing else; `pen` for the
            embedded digits; None for the order above.
        before: Name of the dataset of the previous run. If it is `pen`, nothing is downloaded: the pen digits
            are used again, and the results made from them stay valid.

    Raises:
        DataError: If the downloaded file isn't MNIST.
        NetworkError: If `mnist` was demanded and the download fails.
    """
    if choice == PEN:
        return DatasetFile(None, choice)
    if choice not in (None, "mnist"):
        return DatasetFile(Path(choice), choice)
    home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    local = mnist.find_local(home)
    if local is None and choice is None and before == PEN:
        print(
            "inkproof: expected a local MNIST, found none; continuing with the embedded pen digits as "
            "before, NOT MNIST: set MNIST_NPZ to the path of an mnist.npz, or download it with --data mnist",
            file=sys.stderr,
        )
        return DatasetFile(None, choice)
    try:
        return DatasetFile(local or mnist.download(home), choice)
    except NetworkError as error:
        if choice == "mnist":
            raise
        print(f"inkproof: {error}; continuing with the embedded pen digits, NOT MNIST", file=sys.stderr)
        return DatasetFile(None, choice)


def read_dataset(located: DatasetFile) -> Dataset:
    """Read and split the dataset that `locate_dataset` found.

    Raises:
        DataError: If it is missing, damaged, or not MNIST where MNIST was demanded.
    """
    path, choice = located.path, located.choice
    if path is None:
        return pen_dataset()
    dataset = open_dataset(path)
    if choice in (None, "mnist") and dataset.name != "mnist":
        message = f"expected MNIST at {path}, found other data (sha256 {dataset.sha256[:12]}...)"
        if choice == "mnist":
            raise DataError(f"{message}: remove it, or set MNIST_NPZ to the path of MNIST")
        print(f"inkproof: {message}; continuing with it as '{dataset.name}'", file=sys.stderr)
    return dataset


def open_dataset(path: Path) -> Dataset:
    """Read and split an `.npz` in Keras layout.

    Raises:
        DataError: See `train.data.npz.read_npz`.
    """
    arrays = read_npz(path)
    if len(arrays["y_train"]) < 2:
        raise DataError(f"expected at least 2 pictures to train on in {path}, found 1: add more")
    digest = content_sha256(arrays)
    # The suffix prevents any other file from being called `mnist` or `pen`.
    name = "mnist" if digest == mnist.CONTENT_SHA256 else plain(path.with_suffix(".npz").name, MOST_OF_NAME)
    return split_dataset(name, digest, arrays)


def pen_dataset(train: int = 12_000, test: int = 2_000) -> Dataset:
    """The embedded dataset: digits drawn from pen strokes, identical on every machine."""
    from train.data.pen import dataset

    contract = InputContract()
    arrays = {}
    for seed, (half, count) in enumerate((("train", train), ("test", test))):
        images, arrays[f"y_{half}"] = dataset(count, seed, contract)
        arrays[f"x_{half}"] = images[..., None]
    return split_dataset(PEN, content_sha256(arrays), arrays)


def content_sha256(arrays: dict[str, NDArray[np.uint8]]) -> str:
    """SHA-256 of the raw bytes of x_train, y_train, x_test, y_test in this order, whatever their file."""
    digest = hashlib.sha256()
    for name in ARRAYS:
        digest.update(np.ascontiguousarray(arrays[name]).data)
    return digest.hexdigest()


def split_dataset(name: str, digest: str, arrays: dict[str, NDArray[np.uint8]]) -> Dataset:
    """Hold out the validation split, a twelfth of the training images, always the same ones."""
    images, labels = arrays["x_train"], arrays["y_train"]
    order = np.random.default_rng(SPLIT_SEED).permutation(len(labels))
    held_out = max(1, round(len(labels) * VALIDATION_FRACTION))
    train, validation = order[held_out:], order[:held_out]
    return Dataset(
        name=name,
        sha256=digest,
        train=Split(images[train], labels[train]),
        validation=Split(images[validation], labels[validation]),
        test=Split(arrays["x_test"], arrays["y_test"]),
    )
