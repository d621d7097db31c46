"""The reference model: the trained model and its dataset, read once something needs them."""

from __future__ import annotations

from dataclasses import asdict
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from export.manifest import record
from export.parity.evidence import Evidence, check_fit, gather_evidence, open_source
from export.target import Source
from train.console.progress import stage
from train.contract import InputContract
from train.data.dataset import Dataset, DatasetFile, read_dataset
from train.model_file.load import load_checked
from train.model_file.signature import contract_of

if TYPE_CHECKING:
    import keras


class ReferenceModel:
    """What every exported model is made from and compared with."""

    def __init__(self, path: Path, data: DatasetFile, scratch: Path) -> None:
        """Say where it is; nothing is read yet.

        Args:
            path: The model's file, checked.
            data: Where the dataset is.
            scratch: A folder for the model's SavedModel.
        """
        self._path, self._data, self._scratch = path, data, scratch

    def read_all(self) -> None:
        """Read everything that a conversion and its proof need, each as a stage of its own."""
        _ = self.evidence, self.source

    @cached_property
    def dataset(self) -> Dataset:
        """The dataset. Raises DataError."""
        with stage("reading the dataset"):
            return read_dataset(self._data)

    @cached_property
    def model(self) -> keras.Model:
        """The Keras model. Raises ModelError, also if it isn't made for the dataset."""
        dataset = self.dataset
        with stage("loading the model"):
            model = load_checked(self._path)
            check_fit(contract_of(model, self._path), dataset)
            return model

    @property
    def contract(self) -> InputContract:
        """What the model takes."""
        return contract_of(self.model, self._path)

    @cached_property
    def evidence(self) -> Evidence:
        """The model's predictions for the test split. Raises ModelError if they aren't probabilities."""
        model, dataset = self.model, self.dataset
        with stage(f"running the reference model on {len(dataset.test):,} test images"):
            return gather_evidence(model, dataset)

    @cached_property
    def source(self) -> Source:
        """The model, ready to be converted."""
        return open_source(self.model, self.dataset, self._scratch / "saved_model")

    def entries(self, path: Path) -> dict[str, dict[str, Any]]:
        """What the manifest says of the model, which lies at `path` in the output folder, and of its data."""
        contract, test = self.contract, self.dataset.test
        return {
            "model": {
                **asdict(record(path, path.parent)),
                "parameters": self.model.count_params(),
                "input_shape": list(contract.shape),
                "labels": list(contract.labels),
            },
            "contract": contract.to_json(),
            "dataset": {
                **{"name": self.dataset.name, "sha256": self.dataset.sha256},
                **{"split": "test", "samples": len(test)},
            },
            "reference": {
                "runtime": f"keras {version('keras')}, tensorflow {version('tensorflow')}",
                "accuracy": self.evidence.accuracy,
            },
        }
