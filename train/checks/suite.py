"""The whole debugging checklist: the data, the model on them, a short training."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from train.checks import data_checks, learning_checks, model_checks
from train.checks.finding import Finding, Verdict, skipped
from train.checks.short_training import train_briefly, untrained
from train.contract import InputContract
from train.data.dataset import PEN, Split, find_dataset, split_dataset
from train.data.npz import read_arrays
from train.errors import CheckError
from train.network.architectures import build_model
from train.settings import Settings

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Setup:
    """What is about to be trained, or was.

    Attributes:
        splits: `train`, `validation` and `test`, fit to train on: grey levels as they are, class numbers.
        rate: Learning rate, 0 or more.
        given: A model that was trained; None for the default model, yet to be trained.
    """

    splits: Mapping[str, Split]
    rate: float
    given: keras.Model | None = None

    @cached_property
    def model(self) -> keras.Model:
        """The model with new weights."""
        if self.given is not None:
            return untrained(self.given)
        contract = InputContract.scaled_to(self.splits["train"].images.shape[1:], _classes(self.splits))
        return build_model(Settings(), contract)

    @cached_property
    def brief(self) -> keras.Model:
        """The model after a short training."""
        return train_briefly(self.model, self.splits["train"], self.rate)

    @property
    def trained(self) -> keras.Model:
        """The model with the best weights at hand."""
        return self.brief if self.given is None else self.given


DATA_CHECKS: dict[str, Callable[[Mapping[str, Split]], Finding]] = {
    "shapes": data_checks.check_shapes,
    "grey levels": data_checks.check_levels,
    "labels": data_checks.check_labels,
    "class balance": data_checks.check_balance,
    "leakage": data_checks.check_leakage,
}
LAYERS = "layers"
LEARNING = "learning"
MODEL_CHECKS: dict[str, Callable[[Setup], Finding]] = {
    LAYERS: lambda setup: model_checks.check_layers_fit(setup.model, setup.splits),
    "probabilities": lambda setup: model_checks.check_probabilities(
        setup.given or setup.model, setup.splits["train"].images
    ),
    "input scale": lambda setup: model_checks.check_scale(
        setup.given or setup.model, setup.splits["train"].images
    ),
    "first loss": lambda setup: model_checks.check_first_loss(setup.model, setup.splits["train"]),
    "gradients": lambda setup: model_checks.check_gradients(setup.model, setup.splits["train"]),
    "one batch": lambda setup: learning_checks.check_one_batch(
        setup.model, setup.splits["train"], setup.rate
    ),
    "black pictures": lambda setup: learning_checks.check_zeros(setup.model, setup.splits, setup.rate),
    LEARNING: lambda setup: learning_checks.check_learning(setup.brief, setup.splits, setup.rate),
    "dead ReLUs": lambda setup: model_checks.check_relus(setup.trained, setup.splits["train"].images),
    "validation gap": lambda setup: learning_checks.check_gap(setup.trained, setup.splits, "validation"),
    "test gap": lambda setup: learning_checks.check_gap(setup.trained, setup.splits, "test"),
}
GAPS = ("validation gap", "test gap")
COUNT = len(DATA_CHECKS) + len(MODEL_CHECKS)


def checkup(
    splits: Mapping[str, Split], rate: float, given: keras.Model | None = None
) -> Iterator[tuple[str, Finding]]:
    """Run all checks; one that fails keeps no other from running, unless it takes its ground away.

    Args:
        splits: From `read_splits`.
        rate: Learning rate, 0 or more.
        given: A trained model; None for a fresh one of the default architecture.

    Yields:
        Each check's name and what it found.
    """
    faults = set()
    for name, check in DATA_CHECKS.items():
        finding = check(splits)
        faults |= {name} if finding.is_fault else set()
        yield name, finding
    ready = None if "shapes" in faults else _ready_to_train(splits)
    setup = Setup(ready or {}, rate, given)
    for name, examine in MODEL_CHECKS.items():
        if ready is None:
            finding = skipped("such data can't be trained on: mend them first")
        elif LAYERS in faults:
            finding = skipped("the model can't take these data: mend its layers first")
        elif name in GAPS and given is None and LEARNING in faults:
            finding = skipped("nothing was learned")
        else:
            finding = examine(setup)
        faults |= {name} if finding.is_fault else set()
        yield name, finding


def read_splits(choice: str | None) -> dict[str, Split]:
    """Read the data to check; of a file, even what `read_npz` refuses, as far as it is numbers.

    Args:
        choice: As for `train.data.dataset.find_dataset`.

    Returns:
        `train`, `validation` and `test`, without `validation` where pictures and labels don't pair up.

    Raises:
        DataError: If there are no such data, or they can't be read.
    """
    if choice in (None, "mnist", PEN):
        dataset = find_dataset(choice)
    else:
        arrays: dict[str, NDArray[Any]] = {
            name: np.atleast_1d(array) for name, array in read_arrays(Path(choice)).items()
        }
        for name in ("x_train", "x_test"):
            if arrays[name].ndim == 3:
                arrays[name] = arrays[name][..., None]
        if len(arrays["x_train"]) != len(arrays["y_train"]) or len(arrays["y_train"]) < 2:
            return {half: Split(arrays[f"x_{half}"], arrays[f"y_{half}"]) for half in ("train", "test")}
        dataset = split_dataset(choice, "", arrays)
    return {"train": dataset.train, "validation": dataset.validation, "test": dataset.test}


def line(name: str, finding: Finding) -> str:
    """What was checked, what was found, and beneath it, if it failed, what to do."""
    text = f"{finding.verdict:<8}{name:<15} {finding.found}"
    return f"{text}\n{'':8}{'':<15} -> {finding.remedy}" if finding.remedy else text


def demand_health(findings: Mapping[str, Finding]) -> None:
    """Raise if a check failed.

    Raises:
        CheckError: Naming the checks that failed.
    """
    faults = [name for name, finding in findings.items() if finding.verdict is Verdict.FAIL]
    if faults:
        raise CheckError(
            f"expected all {len(findings)} checks to pass, found faults in {len(faults)} "
            f"({', '.join(faults)}): do what their lines say"
        )


def _ready_to_train(splits: Mapping[str, Split]) -> dict[str, Split] | None:
    """The splits with plain class numbers, or None if nothing can be trained on them."""
    ready = {}
    for name, split in splits.items():
        labels = data_checks.class_numbers(split.labels)
        if labels is None or not np.isfinite(split.images).all():
            return None
        ready[name] = Split(split.images, labels.astype(np.uint8))
    return ready if _classes(ready) > 1 else None


def _classes(splits: Mapping[str, Split]) -> int:
    return 1 + max(int(split.labels.max()) for split in splits.values())
