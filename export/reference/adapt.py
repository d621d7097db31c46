"""Find how a model takes pictures and what it gives, and so what exported models need around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from export.errors import ModelError
from export.reference.class_order import demand_same_order
from export.reference.find_scale import Trial, find_scale
from export.reference.inference_model import build_inference_model
from export.reference.input_form import InputForm, find_form
from export.reference.output_kind import OutputKind, find_output_kind
from export.reference.pixel_scale import RAW, SCALES, PixelScale
from export.reference.scale_option import AUTO, COLOURS
from export.reference.standardised import demand_named_scale
from export.reference.tasks import Task, find_task
from export.types import Images, Probabilities
from train.console.quiet import quiet
from train.console.text import plain
from train.data.dataset import Dataset
from train.data.label_kind import LabelKind
from train.model_file.running import run_model

if TYPE_CHECKING:
    import keras

MOST_TRIED = 2000
MOST_UNLABELLED = 300  # which show what the outputs are, but not how right they are
# Of other treatments of pixels than the scales: pictures at least, and about so many numbers in them.
LEAST_GLANCED, NUMBERS_GLANCED = 200, 3_000_000
MOST_OF_NAME = 40  # characters of a scale's name in a message
MOST_BYTES = 200_000_000  # of the tried pictures, in float32


@dataclass(frozen=True, slots=True)
class Adaptation:
    """What stands between raw pixels and a model, and between the model and probabilities.

    Attributes:
        form: How the model takes a picture.
        scale: On what scale it takes pixels.
        kind: What its outputs are.
        task: What it decides.
        unmeasured: Whether the scale is an assumption, because there are no labels to measure it with.
    """

    form: InputForm
    scale: PixelScale
    kind: OutputKind
    task: Task
    unmeasured: bool = False

    def predict(self, model: keras.Model, pictures: Images) -> Probabilities:
        """A model's predictions as exported models give them.

        Args:
            model: The reference model itself.
            pictures: Shape (n, rows, columns, channels), grey levels 0..255.

        Returns:
            Shape (n, classes).
        """
        return self.kind.finish(
            run_model(model, pictures, lambda some: self.form.arrange(self.scale.apply(some)))
        )

    def inference_model(self, model: keras.Model, dtype: str = "float32") -> keras.Model:
        """The model that is exported, see `build_inference_model`."""
        return build_inference_model(model, self.form, self.scale, self.kind, dtype)

    def notes(self) -> Iterator[str]:
        """What exported models do beyond the reference model, a line each, and what is assumed."""
        if self.unmeasured:
            yield (
                "without labels, the scale of the pixels can't be measured: taken as 0..255; name another "
                "with --scale"
            )
        elif self.scale != RAW:
            taken = self.scale.description
            yield f"the model takes pixels of {taken}: exported models take 0..255 and scale them"
        yield from filter(None, (self.form.describe(), self.kind.added))


def adapt(model: keras.Model, dataset: Dataset, scale: str) -> Adaptation:
    """Find what a model takes and gives.

    Args:
        model: Of one input and one output.
        dataset: What it was trained on. Only its training pictures are used.
        scale: Its name, or `auto` to measure it, see `export.reference.scale_option`.

    Raises:
        ModelError: If the model isn't made for such pictures or labels, no scale stands out, or the pictures
            can't be brought to the one that is named.
    """
    split = dataset.train
    form = find_form(model, split.images.shape[1:], dataset.name)
    labelled = dataset.labels_are is not LabelKind.NONE
    most = MOST_TRIED if labelled else MOST_UNLABELLED
    count = max(1, min(most, MOST_BYTES // (4 * split.images[0].size)))
    images, labels = np.asarray(split.images[:count]), split.labels[:count]
    possible = _possible_scales(scale, images.shape[-1])

    @cache
    def outputs(scale: PixelScale, most: int = count) -> NDArray[Any]:
        return run_model(model, images[:most], lambda some: form.arrange(scale.apply(some)))

    with quiet():  # Keras warns of layers that give the same for everything; below, a line says so
        given = np.concatenate([outputs(known) for known in possible])
    kind = find_output_kind(given, dataset.labels_are, dataset.classes)
    task = find_task(kind, dataset.labels_are)
    _check_labels(kind.classes(given.shape[1]), task, dataset)
    if task is Task.CLASSES and labelled:
        tried = [kind.finish(outputs(known)) for known in possible]
        demand_same_order(tried, labels, dataset.label_names)
    if scale != AUTO:
        return Adaptation(form, possible[0], kind, task)
    if not labelled:
        return Adaptation(form, RAW, kind, task, unmeasured=not declares_scale(model))

    classes = 2 if task is Task.SEVERAL else kind.classes(given.shape[1])

    def trial(scale: PixelScale, found: NDArray[Any]) -> Trial:
        predictions, some = kind.finish(found), labels[: len(found)]
        judged = task.scores(predictions, some), task.losses(predictions, some)
        return Trial(scale, predictions, *judged, task.guess(some), task.guess_loss(some))

    def attempt(scale: PixelScale) -> Trial:
        return trial(scale, outputs(scale))

    def glance(scale: PixelScale) -> Trial:
        few = max(LEAST_GLANCED, NUMBERS_GLANCED // images[0].size)
        found = outputs(scale) if scale in possible else outputs(scale, few)
        return trial(scale, found[:few])

    declared = declares_scale(model)
    try:
        found = find_scale(attempt, possible, declared=declared, classes=classes)
    except ModelError:
        if task is Task.CLASSES:
            demand_named_scale(glance, possible, images, classes)
        raise
    if task is Task.CLASSES and not declared:
        demand_named_scale(glance, [found], images, classes)
    return Adaptation(form, found, kind, task)


def _possible_scales(scale: str, channels: int) -> list[PixelScale]:
    """The scale of that name, or for `auto` all that pictures of so many channels can be brought to."""
    fitting = [known for known in SCALES if known.fits(channels)]
    if scale == AUTO:
        return fitting
    named = PixelScale.named(scale)
    if named is None or not named.fits(channels):
        wanted = "a scale" if named is None else f"pictures of {COLOURS} channels for --scale {scale}"
        raise ModelError(
            f"expected {wanted}, found {plain(scale, MOST_OF_NAME) if named is None else channels}: name one "
            f"of {', '.join(known.name for known in fitting)}, or mean and standard deviation as in 33.3/78.6"
        )
    return [named]


def _check_labels(outputs: int, task: Task, dataset: Dataset) -> None:
    """Fail if a model gives another number of classes or values, or one class where several apply."""
    remedy = "name its own dataset with --data"
    if dataset.labels_are is LabelKind.SEVERAL and task is not Task.SEVERAL:
        raise ModelError(
            f"expected a model with a sigmoid for each label, as the dataset '{dataset.name}' gives several "
            f"classes for each picture, found one that gives a single class: {remedy}"
        )
    if dataset.labels_are is LabelKind.VALUES and dataset.test.labels.shape[1] != outputs:
        raise ModelError(
            f"expected a model of {dataset.test.labels.shape[1]} values, as in the dataset '{dataset.name}', "
            f"found one of {outputs}: {remedy}"
        )
    if task is not Task.VALUES and dataset.classes > outputs:
        raise ModelError(
            f"expected a model of at least {dataset.classes} classes, as in the dataset '{dataset.name}', "
            f"found one of {outputs}: {remedy}"
        )


def declares_scale(model: keras.Model) -> bool:
    """Whether a model begins with a layer or an operation that scales grey levels down."""
    import keras

    for operation in _first_operations(model):
        match type(operation).__name__:
            case "Rescaling":
                return bool(np.max(np.abs(np.asarray(operation.scale, float))) < 0.1)
            case "Normalization":
                return bool(np.max(keras.ops.convert_to_numpy(operation.mean)) > 2)
            case "TrueDivide" | "Divide":
                return True
    return False


def _first_operations(model: keras.Model) -> list[Any]:
    """The layers and operations of a model, and of models within it, up to the first with weights."""
    import keras

    graph = getattr(model, "_functional", None) or model
    found: list[Any] = []
    for operation in getattr(graph, "operations", []):
        inner = _first_operations(operation) if isinstance(operation, keras.Model) else [operation]
        found += inner
        if getattr(operation, "weights", None) and type(operation).__name__ != "Normalization":
            break
    return found
