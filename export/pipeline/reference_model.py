"""The reference model: the trained model and its dataset, read once something needs them."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from export.errors import ModelError
from export.manifest import record
from export.parity.evidence import Evidence
from export.parity.probes import picture_probes, probe_images
from export.pipeline.reading import Reading
from export.reference.adapt import Adaptation, adapt
from export.reference.choose_output import choose_output
from export.reference.input_form import wanted_picture
from export.reference.multiplications import multiplications
from export.reference.open_source import open_source
from export.reference.rounding import Rounding, measure_rounding
from export.reference.tasks import Task
from export.runtimes import memory
from export.target import NOT_STATED, Description, Source
from export.types import Images
from train.console.progress import stage
from train.console.say import warn
from train.contract import InputContract
from train.data.dataset import Dataset, DatasetFile, pen_test_split
from train.data.from_arrays import ArrayData
from train.data.label_kind import LabelKind
from train.model_file.known_from import read_known_from
from train.model_file.model_file import ModelFile

if TYPE_CHECKING:
    import keras

# Of the test split: more are left out, evenly. MNIST's takes 8 million.
MOST_BYTES = 500_000_000
VERSION_DIGITS = 12
ROUNDED, PROBED = 256, 64  # images and probes


class ReferenceModel:
    """What every exported model is made from and compared with."""

    def __init__(
        self,
        model: ModelFile | keras.Model,
        data: DatasetFile | ArrayData | Dataset,
        scratch: Path,
        reading: Reading,
    ) -> None:
        """Say where it is; nothing is read yet.

        Args:
            model: The model's file; or the model.
            data: Where the dataset is; or arrays; or the dataset.
            scratch: A folder for the model's SavedModel.
            reading: How the model is to be understood.
        """
        self._given, self._data, self._scratch, self._reading = model, data, scratch, reading
        memory.keep_none()

    def read_all(self) -> None:
        """Read everything that a conversion and its proof need, each as a stage of its own."""
        _ = self.evidence, self.source

    @cached_property
    def model(self) -> keras.Model:
        """The Keras model, of one input and one output. Raises ModelError."""
        with stage("loading the model"):
            model = self._given.load() if isinstance(self._given, ModelFile) else self._given
            return choose_output(model, self._reading.output)

    @cached_property
    def dataset(self) -> Dataset:
        """The dataset, in the shape that the model takes and in its order of classes. Raises DataError."""
        if isinstance(self._data, Dataset):
            return self._data
        wanted, outputs = wanted_picture(self.model), self.model.outputs[0].shape[-1]
        classes = 2 if outputs == 1 else outputs
        with stage("reading the dataset"):
            return self._data.read(wanted, classes).numbered_by(self._reading.labels or ())

    @cached_property
    def adaptation(self) -> Adaptation:
        """What stands between raw pixels, the model, and probabilities. Raises ModelError."""
        model, dataset = self.model, self.dataset
        with stage("finding what the model takes and gives"):
            found = adapt(model, dataset, self._reading.scale)
        for note in (*dataset.notes, *found.notes()):
            warn(note)
        return found

    @cached_property
    def inference_model(self) -> keras.Model:
        """The model that is exported. Raises ModelError if it can't be built again."""
        return self.adaptation.inference_model(self.model)

    @property
    def weights(self) -> int:
        """Bytes of the model's weights in float32."""
        return 4 * int(self.inference_model.count_params())

    @property
    def contract(self) -> InputContract:
        """What exported models take and give. Raises ModelError if there are fewer names than classes."""
        classes = self.inference_model.outputs[0].shape[-1]
        contract = InputContract.scaled_to(self.adaptation.form.picture, classes)
        labels = self._reading.labels or self.dataset.label_names
        if labels is None or (self._reading.labels is None and len(labels) > classes):
            return contract
        if len(labels) != classes:
            raise ModelError(
                f"expected names for {classes} classes, as many as the model gives, found {len(labels)}: "
                "write one line for each class in the file of --labels"
            )
        return replace(contract, labels=labels)

    @cached_property
    def evidence(self) -> Evidence:
        """The model's predictions for the test split and for probes."""
        model, test, adaptation = self.model, self.dataset.test, self.adaptation
        count = len(test)
        most = max(1, MOST_BYTES // test.images[0].nbytes)
        chosen = np.linspace(0, count - 1, min(count, most)).round().astype(np.intp)
        images, labels = np.asarray(test.images[chosen]), test.labels[chosen]
        pictures = picture_probes(self.dataset.train, test, images)
        probes = np.concatenate([probe_images(images.shape[1:]), pictures])
        with stage(f"running the reference model on {len(images):,} test images"):
            reference = adaptation.predict(model, np.concatenate([images, probes]))
        if not np.isfinite(reference).all():
            raise ModelError(
                "expected predictions that are finite numbers, the model gives NaN or infinity: train it "
                "again with a smaller learning rate"
            )
        some = images[:: math.ceil(len(images) / ROUNDED)]
        return Evidence(
            images,
            labels,
            reference[: len(images)],
            probes,
            reference[len(images) :],
            adaptation.task,
            _once(lambda: self._measure_rounding(some, probes[:PROBED])),
            len(pictures),
            multiplications(self.inference_model),
        )

    @cached_property
    def on_drawings(self) -> tuple[float, int] | None:
        """Its accuracy on pen digits, 0..1, and how many those are; None for a model of anything else."""
        if not self.contract.takes_drawings:
            return None
        drawn = pen_test_split()
        predictions = self.adaptation.predict(self.model, np.asarray(drawn.images))
        return float((predictions.argmax(axis=1) == drawn.labels).mean()), len(drawn)

    def _measure_rounding(self, images: Images, probes: Images) -> Rounding:
        with memory.for_work_on(self.weights):
            return measure_rounding(self.adaptation, self.model, images, probes)

    @cached_property
    def source(self) -> Source:
        """The model, ready to be converted."""
        return open_source(
            self.inference_model, self.dataset, self._scratch / "saved_model", self.description
        )

    @cached_property
    def description(self) -> Description:
        """What exported files say of the model. Its version is a digest of its weights."""
        origin, digest = self._reading.origin, hashlib.sha256()
        for weights in self.model.get_weights():
            digest.update(np.ascontiguousarray(weights).tobytes())
        return Description(
            origin.name or f"{Path(self.dataset.name).stem} classifier",
            digest.hexdigest()[:VERSION_DIGITS],
            origin.author or NOT_STATED,
            origin.license or NOT_STATED,
            self.contract,
            "values" if self.adaptation.task is Task.VALUES else "probabilities",
        )

    def entries(self, path: Path) -> dict[str, dict[str, Any]]:
        """What the manifest says of the model, which lies at `path` in the output folder, and of its data."""
        import tensorflow as tf

        contract, adaptation, evidence = self.contract, self.adaptation, self.evidence
        calibration = evidence.calibration
        return {
            "model": {
                **asdict(record(path, path.parent)),
                "parameters": self.model.count_params(),
                "input_shape": list(contract.shape),
                "labels": list(contract.labels),
                "takes": list(self.model.inputs[0].shape[1:]),
                "scale": adaptation.scale.name,
                "gives": adaptation.kind.value,
                "task": adaptation.task.value,
                "output": self._reading.output,
                **{key: getattr(self.description, key) for key in ("name", "version", "author", "license")},
                "notes": [*self.dataset.notes, *adaptation.notes()],
            },
            "contract": contract.to_json(),
            "dataset": {
                **{"name": self.dataset.name, "sha256": self.dataset.sha256},
                **{"split": "test", "samples": len(evidence.images)},
                "labelled": self.dataset.labels_are is not LabelKind.NONE,
            },
            "reference": {
                "runtime": f"keras {version('keras')}, tensorflow {tf.__version__}",
                "accuracy": evidence.accuracy,
                "mean_abs_error": evidence.mean_abs_error,
                "calibration_error": calibration and calibration.error,
                "known_from": read_known_from(path) if contract.takes_drawings else None,
            },
        }


def _once(measure: Callable[[], Rounding]) -> Callable[[], Rounding]:
    """The same function, which measures once for all threads."""
    lock = Lock()
    measured: list[Rounding] = []

    def found() -> Rounding:
        with lock:
            if not measured:
                measured.append(measure())
            return measured[0]

    return found
