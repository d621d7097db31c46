"""Models converted to every TFLite target and compared with Keras as the export does, all in one process."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import keras
import numpy as np

from export.errors import ConversionError
from export.parity.evidence import Evidence
from export.parity.probes import probe_images
from export.parity.prove import prove
from export.reference.adapt import Adaptation
from export.reference.input_form import InputForm
from export.reference.output_kind import OutputKind
from export.reference.pixel_scale import RAW
from export.reference.rounding import measure_rounding
from export.reference.tasks import Task
from export.runtimes import litert
from export.target import Engine, Source, Target
from export.targets import all_targets
from export.types import Images
from tests.export.targets.bodies import SHAPE

# In this process, which is as true and quicker than one for each file.
ENGINE = Engine(lambda: "litert", lambda path, images, _: litert.open_model(path)(images), "litert")
TFLITE = [replace(target, engines=(ENGINE,)) for target in all_targets() if "tflite" in target.name]


def outcomes(model: keras.Model, folder: Path) -> dict[str, str]:
    """For each target, why it refuses a model or how its file fails; empty for one that agrees."""
    evidence, source = _evidence_of(model), source_of(model, folder)
    return {target.name: _outcome(target, source, evidence, folder) for target in TFLITE}


def source_of(model: keras.Model, folder: Path) -> Source:
    """A model to be converted, whose SavedModel goes into a folder."""
    return Source(model, folder / "saved", varied(90, 3))


def _outcome(target: Target, source: Source, evidence: Evidence, folder: Path) -> str:
    lacking = target.refusal(source)
    if lacking:
        return lacking
    path = folder / target.path
    try:
        target.convert(source, path)
    except ConversionError as error:  # found by the scales alone
        return re.sub(
            r"expected a model that TFLite can quantize for .*, found that it", "TFLite", str(error)
        )
    return "; ".join(prove(target, path, evidence, folder).failures)


def _evidence_of(model: keras.Model) -> Evidence:
    """What is predicted for random pictures counts as right."""
    images, probes = varied(256, 1), probe_images(SHAPE)
    found = model.predict(np.concatenate([images, probes]).astype(np.float32), verbose=0)
    reference, of_probes = found[: len(images)], found[len(images) :]
    adaptation = Adaptation(InputForm(SHAPE, SHAPE), RAW, OutputKind.SOFTMAX, Task.CLASSES)
    rounding = cache(lambda: measure_rounding(adaptation, model, images, probes[:64]))
    labels = reference.argmax(axis=1)
    return Evidence(images, labels, reference, probes, of_probes, Task.CLASSES, rounding)


def varied(count: int, seed: int) -> Images:
    """Random pictures, dark and bright, of much contrast and little."""
    random = np.random.default_rng(seed)
    noise = random.integers(0, 256, (count, *SHAPE)) * random.uniform(0, 1, (count, 1, 1, 1))
    room = 255 - noise.max(axis=(1, 2, 3), keepdims=True)
    return np.asarray(noise + random.uniform(0, 1, room.shape) * room, np.uint8)
