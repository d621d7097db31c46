"""The debugging checklist as a whole: the data, the model, and a short training run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from train.checks import data_checks, learning_checks, model_checks
from train.checks.finding import Finding, Verdict, skipped
from train.checks.short_training import train_briefly, untrained
from train.console.table import print_row
from train.contract import InputContract
from train.data.dataset import Split, find_dataset, split_dataset
from train.data.label_forms import compact
from train.data.npz import read_arrays
from train.errors import CheckError, DataError
from train.network.architectures import build_model
from train.settings import Settings

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Setup:
    """The subject of the checks: data, learning rate and model.

    Attributes:
        splits: `train`, `validation` and `test`, with class numbers as labels; empty if the data can't be
            used for training.
        rate: Learning rate, 0 or more.
        given: A trained model; None for the default model, yet untrained.
    """

    splits: Mapping[str, Split]
    rate: float
    given: keras.Model | None = None

    @cached_property
    def model(self) -> keras.Model:
        """The model with new weights."""
        if self.given:
            return untrained(self.given)
        contract = InputContract.scaled_to(self.train.images.shape[1:], _classes(self.splits))
        return build_model(Settings(), contract)

    @cached_property
    def brief(self) -> keras.Model:
        """The model after a short training run."""
        return train_briefly(self.model, self.train, self.rate)

    @property
    def trained(self) -> keras.Model:
        """The model with the best weights available."""
        return self.given or self.brief

    @property
    def train(self) -> Split:
        """The training split."""
        return self.splits["train"]


SHAPES, LAYERS, ONE_BATCH, LEARNING, RELUS = "shapes", "layers", "one batch", "learning", "dead ReLUs"
DATA_CHECKS: dict[str, Callable[[Mapping[str, Split]], Finding]] = {
    SHAPES: data_checks.check_shapes,
    "grey levels": data_checks.check_levels,
    "labels": data_checks.check_labels,
    "class balance": data_checks.check_balance,
    "leakage": data_checks.check_leakage,
}
MODEL_CHECKS: dict[str, Callable[[Setup], Finding]] = {
    LAYERS: lambda setup: model_checks.check_layers_fit(setup.model, setup.splits),
    "probabilities": lambda setup: model_checks.check_probabilities(
        setup.given or setup.model, setup.train.images
    ),
    "input scale": lambda setup: model_checks.check_scale(setup.given or setup.model, setup.train.images),
    "first loss": lambda setup: model_checks.check_first_loss(setup.model, setup.train),
    "gradients": lambda setup: model_checks.check_gradients(setup.model, setup.train),
    ONE_BATCH: lambda setup: learning_checks.check_one_batch(setup.model, setup.train, setup.rate),
    "black pictures": lambda setup: learning_checks.check_zeros(setup.model, setup.splits, setup.rate),
    LEARNING: lambda setup: learning_checks.check_learning(setup.brief, setup.splits),
    RELUS: lambda setup: model_checks.check_relus(setup.trained, setup.train.images),
    "validation gap": lambda setup: learning_checks.check_gap(setup.trained, setup.splits, "validation"),
    "test gap": lambda setup: learning_checks.check_gap(setup.trained, setup.splits, "test"),
}
GAPS = ("validation gap", "test gap")
COUNT = len(DATA_CHECKS) + len(MODEL_CHECKS)


def checkup(
    splits: Mapping[str, Split], rate: float, given: keras.Model | None = None
) -> Iterator[tuple[str, Finding]]:
    """Run all checks. One that fails prevents only those whose result would be meaningless.

    Args:
        splits: From `read_splits`.
        rate: Learning rate, 0 or more.
        given: A trained model; None for an untrained one of the default architecture.

    Yields:
        Each check's name and its finding.
    """
    faults: set[str] = set()
    for name, check in DATA_CHECKS.items():
        finding = check(splits)
        faults |= {name} if finding.is_fault else set()
        yield name, finding
    setup = Setup({} if SHAPES in faults else _trainable(splits), rate, given)
    for name, examine in MODEL_CHECKS.items():
        finding = _skipped_because(faults, setup, name) or examine(setup)
        faults |= {name} if finding.is_fault else set()
        yield name, finding


def _skipped_because(faults: Set[str], setup: Setup, name: str) -> Finding | None:
    """The finding of a check that an earlier fault prevents; None if it can run."""
    if not setup.splits:
        return skipped("these data can't be used for training: fix them first")
    if LAYERS in faults:
        return skipped("the model doesn't fit these data: fix its layers first")
    if name == LEARNING and ONE_BATCH in faults:
        return skipped("not even one batch was learned: fix that first")
    if setup.given is None and (
        (name in GAPS and LEARNING in faults) or (name in (RELUS, *GAPS) and ONE_BATCH in faults)
    ):
        return skipped("nothing was learned")
    return None


def read_splits(choice: str | None) -> dict[str, Split]:
    """Read the data to check, including numeric arrays that can't be used for training.

    Args:
        choice: As for `train.data.dataset.find_dataset`.

    Returns:
        `train`, `validation` and `test`; no `validation` if the numbers of images and labels differ.

    Raises:
        DataError: If the data are missing or can't be read, or their labels aren't classes.
    """
    try:
        dataset = find_dataset(choice).demanding_classes()
    except DataError:
        arrays = _raw_arrays(choice)
        if arrays is None:
            raise
        if len(arrays["x_train"]) != len(arrays["y_train"]) or len(arrays["y_train"]) < 2:
            return {half: Split(arrays[f"x_{half}"], arrays[f"y_{half}"]) for half in ("train", "test")}
        dataset = split_dataset(str(choice), "", arrays)
    return {"train": dataset.train, "validation": dataset.validation, "test": dataset.test}


def _raw_arrays(choice: str | None) -> dict[str, NDArray[Any]] | None:
    """The arrays of an `.npz` as they are, for the checks to explain; None where there are none."""
    if choice is None or not Path(choice).is_file():
        return None
    arrays = {name: np.atleast_1d(array) for name, array in read_arrays(Path(choice)).items()}
    return {
        name: array[..., None] if name.startswith("x") and array.ndim == 3 else array
        for name, array in arrays.items()
    }


def print_finding(name: str, finding: Finding) -> None:
    """Print a row with the verdict, the check's name and its finding, and the remedy for a fault below."""
    remedy = [("", "", f"-> {finding.remedy}")] if finding.remedy else []
    for cells in ((finding.verdict, name, finding.found), *remedy):
        print_row(cells, widths=(7, 15))


def demand_health(findings: Mapping[str, Finding]) -> None:
    """Raise an error if a check failed.

    Raises:
        CheckError: If a check failed; the message names all that did.
    """
    faults = [name for name, finding in findings.items() if finding.verdict is Verdict.FAIL]
    if faults:
        raise CheckError(
            f"expected all {len(findings)} checks to pass, found faults in {len(faults)} "
            f"({', '.join(faults)}): follow the remedies in their rows"
        )


def _trainable(splits: Mapping[str, Split]) -> dict[str, Split]:
    """The splits with plain class numbers; none if they can't be used for training."""
    ready = {}
    for name, split in splits.items():
        labels = data_checks.class_numbers(split.labels)
        if labels is None or not np.isfinite(split.images).all():
            return {}
        ready[name] = Split(split.images, compact(labels))
    return ready if _classes(ready) > 1 else {}


def _classes(splits: Mapping[str, Split]) -> int:
    return 1 + max(int(split.labels.max()) for split in splits.values())
