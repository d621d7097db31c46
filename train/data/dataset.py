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

VALIDATION_SHARE = 1 / 12  # 5,000 of MNIST's 60,000
SPLIT_SEED = 1998  # one split for everyone, whatever the seed of the training
MOST_OF_NAME = 80  # of a file; it stands in tables and titles

PEN = "pen"
PEN_IMAGES = {"train": 12_000, "test": 2_000}


@dataclass(frozen=True, slots=True)
class Split:
    """Pictures and their classes.

    Attributes:
        images: Shape (n, rows, columns, channels), uint8, grey levels 0..255.
        labels: Shape (n,), uint8, class numbers from 0.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    def __len__(self) -> int:
        """How many pictures there are."""
        return len(self.labels)


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset in three disjoint splits.

    Attributes:
        name: `mnist` (only if every byte is MNIST's), `pen`, or the name of the file.
        sha256: Of the arrays' contents, see `content_sha256`.
        train: What weights are fitted to; calibration images come from here too.
        validation: What epochs and architectures are chosen on.
        test: What is reported. Nothing is ever chosen on it.
    """

    name: str
    sha256: str
    train: Split
    validation: Split
    test: Split

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return 1 + max(int(s.labels.max()) for s in (self.train, self.validation, self.test))

    def holding_out(self, share: float) -> Dataset:
        """The same dataset with another share of the pictures that aren't tested on held out.

        The validation splits of two shares hold one another; the test split stays what it is.

        Args:
            share: Of training and validation split together, above 0 and below 1; at least one picture is
                left on either side.
        """
        count = len(self.train) + len(self.validation)
        held_out = min(max(1, round(count * share)), count - 1)
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
        """The first `per_class` training pictures of each class, classes in turn.

        Returns:
            Shape (up to per_class x classes, rows, columns, channels), uint8.
        """
        firsts = [np.flatnonzero(self.train.labels == label)[:per_class] for label in range(self.classes)]
        # In turn, so that a converter that reads only some of them still sees every class.
        turns = np.concatenate([np.arange(len(first)) for first in firsts])
        chosen = np.concatenate(firsts)[np.argsort(turns, kind="stable")]
        images: NDArray[np.uint8] = self.train.images[chosen]
        return images


@dataclass(frozen=True, slots=True)
class DatasetFile:
    """Where a dataset is.

    Attributes:
        path: Its `.npz`; None for the embedded pen digits.
        choice: What was asked for, see `locate_dataset`.
    """

    path: Path | None
    choice: str | None

    def identity(self) -> dict[str, str]:
        """What tells it from any other, without reading its pictures: its name and the file's SHA-256."""
        if self.path is None:
            return {"name": PEN}
        digest = file_sha256(self.path)
        # Other data are refused where MNIST is demanded, but only once they are read.
        demanded = {"demanded": "mnist"} if self.choice == "mnist" and digest != mnist.FILE_SHA256 else {}
        return {"name": self.path.name, "sha256": digest, **demanded}


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes; nothing where it can't be read, which whoever reads it will say better."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def find_dataset(choice: str | None = None) -> Dataset:
    """Find the dataset and read it: `locate_dataset` and `read_dataset` in one.

    Raises:
        DataError: If the chosen dataset is missing, damaged, or not MNIST where MNIST was demanded.
        NetworkError: If `mnist` was demanded and the network refuses it.
    """
    return read_dataset(locate_dataset(choice))


def locate_dataset(choice: str | None = None, *, before: str | None = None) -> DatasetFile:
    """Find the dataset: the choice, `$MNIST_NPZ`, the Keras cache, the official download, in this order.

    Where the network refuses the download, and only then, the embedded pen digits take MNIST's place and
    stderr says so.

    Args:
        choice: Path of an `.npz` in Keras layout; `mnist` for MNIST and nothing else; `pen` for the
            embedded digits; None for the order above.
        before: Name of the dataset that the run before went by. If that is `pen`, the order above ends with
            it: what was made from it stays, and nobody waits for the network again.

    Raises:
        DataError: If what was downloaded isn't MNIST.
        NetworkError: If `mnist` was demanded and the network refuses it.
    """
    if choice == PEN:
        return DatasetFile(None, choice)
    if choice not in (None, "mnist"):
        return DatasetFile(Path(choice), choice)
    home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    at_hand = mnist.at_hand(home)
    if at_hand is None and choice is None and before == PEN:
        print(
            "inkproof: expected MNIST at hand, found none; going on with the embedded pen digits as before, "
            "NOT MNIST: point MNIST_NPZ at a copy, or try the download with --data mnist",
            file=sys.stderr,
        )
        return DatasetFile(None, choice)
    try:
        return DatasetFile(at_hand or mnist.download(home), choice)
    except NetworkError as error:
        if choice == "mnist":
            raise
        print(f"inkproof: {error}; going on with the embedded pen digits, NOT MNIST", file=sys.stderr)
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
            raise DataError(f"{message}: remove it, or point MNIST_NPZ at MNIST")
        print(f"inkproof: {message}; going on with it as '{dataset.name}'", file=sys.stderr)
    return dataset


def open_dataset(path: Path) -> Dataset:
    """Read and split an `.npz` in Keras layout.

    Raises:
        DataError: See `train.data.npz.read_npz`.
    """
    arrays = read_npz(path)
    if len(arrays["y_train"]) < 2:
        raise DataError(f"expected at least 2 pictures to train on in {path}, found 1: add some")
    digest = content_sha256(arrays)
    # The ending keeps any other file from being called `mnist` or `pen`.
    name = "mnist" if digest == mnist.CONTENT_SHA256 else plain(path.with_suffix(".npz").name, MOST_OF_NAME)
    return split_dataset(name, digest, arrays)


def pen_dataset(train: int = PEN_IMAGES["train"], test: int = PEN_IMAGES["test"]) -> Dataset:
    """The embedded default: digits drawn from pen strokes, the same on every machine."""
    from train.data.pen import dataset

    contract = InputContract()
    arrays = {}
    for seed, (half, count) in enumerate((("train", train), ("test", test))):
        images, arrays[f"y_{half}"] = dataset(count, seed, contract)
        arrays[f"x_{half}"] = images[..., None]
    return split_dataset(PEN, content_sha256(arrays), arrays)


def content_sha256(arrays: dict[str, NDArray[np.uint8]]) -> str:
    """SHA-256 over the raw bytes of x_train, y_train, x_test, y_test, in this order.

    Not of the file: the same pictures in another zip are the same dataset.
    """
    digest = hashlib.sha256()
    for name in ARRAYS:
        digest.update(np.ascontiguousarray(arrays[name]).data)
    return digest.hexdigest()


def split_dataset(name: str, digest: str, arrays: dict[str, NDArray[np.uint8]]) -> Dataset:
    """Hold out the validation split: a twelfth of the training pictures, the same ones for everybody."""
    images, labels = arrays["x_train"], arrays["y_train"]
    order = np.random.default_rng(SPLIT_SEED).permutation(len(labels))
    held_out = max(1, round(len(labels) * VALIDATION_SHARE))
    train, validation = order[held_out:], order[:held_out]
    return Dataset(
        name=name,
        sha256=digest,
        train=Split(images[train], labels[train]),
        validation=Split(images[validation], labels[validation]),
        test=Split(arrays["x_test"], arrays["y_test"]),
    )
