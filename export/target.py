"""What a target is: how a model is converted to it, which runtimes run it, and how far off it may be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from train.contract import InputContract

if TYPE_CHECKING:
    import keras

    from export.types import Images, Probabilities

NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class Description:
    """What a file says of its model, in a format that has room for it.

    Attributes:
        name: Of the model.
        version: Of the model.
        author: Who trained it.
        license: Under which it may be used.
        contract: What it takes and gives; None where that isn't known.
        gives: What its numbers are: `probabilities`, or `values` of a regression.
    """

    name: str = "classifier"
    version: str = "unknown"
    author: str = NOT_STATED
    license: str = NOT_STATED
    contract: InputContract | None = None
    gives: str = "probabilities"


@dataclass(frozen=True, slots=True)
class Source:
    """A model ready to be converted.

    Attributes:
        model: The Keras model.
        saved_model: Folder of its SavedModel, see `export.reference.saved_model`.
        calibration: Training images, balanced over the classes, that the quantizer takes its ranges from.
        description: What exported files say of it.
    """

    model: keras.Model
    saved_model: Path
    calibration: Images
    description: Description = Description()


@dataclass(frozen=True, slots=True)
class Budget:
    """How far an artifact may be from the reference model. None: not checked.

    Attributes:
        max_abs_diff: Largest difference of any probability, 0..1.
        min_top1_agreement: Smallest fraction of equal predictions among the clear-cut images, 0..1. Any class
            of an exact tie of the reference model counts as equal.
        max_accuracy_drop: Largest loss of accuracy, as a fraction of all images, 0..1.
        quantization_levels: How many levels the artifact's coarsest numbers are quantized to. Images whose
            reference margin is at most one step between levels are not clear-cut, see
            `export.parity.compare.clear_cut`. None: every image is clear-cut.
        max_logit_diff: Largest difference of any logarithm of a probability, which softmax hides where the
            reference model is confident. Probes are checked by it, too.
        saturates: Whether the artifact's numbers end where those of the calibration images do. Its
            predictions for probes with more ink than any test image are then not checked.
        rounds_activations: Whether activations have as few quantization levels as weights.
        significand: Bits of the artifact's coarsest floats: 24 for float32, 11 for float16.
        noise: How far rounding may move logits, where it was measured because the figures above were
            exceeded, see `export.parity.widen`. An image whose reference margin is smaller isn't clear-cut.
        logit_range: Range of the reference model's logits where it is known better than by its probabilities,
            which end at the smallest float32.
        max_mean_diff: Largest mean difference of a probability, measured by simulating the quantization.
        output_step: Step between the artifact's probabilities. An image whose two best classes are as near in
            the reference model isn't clear-cut.
        least: Smaller probabilities count as this one, at which the reference model's numbers end.
    """

    max_abs_diff: float | None
    min_top1_agreement: float
    max_accuracy_drop: float | None
    quantization_levels: int | None = None
    max_logit_diff: float | None = None
    saturates: bool = False
    rounds_activations: bool = False
    significand: int = 24
    noise: float = 0.0
    logit_range: float = 0.0
    max_mean_diff: float | None = None
    output_step: float = 0.0
    least: float = 1e-30


@dataclass(frozen=True, slots=True)
class Engine:
    """One runtime that runs artifacts.

    Attributes:
        describe: Its name and version, as in `ai-edge-litert 2.3.0`.
        run: Runs an artifact (its path) on images, in batches and the last one alone; the path of the page's
            own runtime file comes along for the engine that is that file. Raises RunError if the artifact
            can't be run.
        backend: What its process runs the artifact with: `litert`, or as in open_tfjs.mjs.
        hardest: How many images it runs where it isn't a target's first engine, of a large network fewer.
        scripts: The files that run it besides Python's, relative to the project.
        required: Whether an artifact that it can't run fails. Otherwise that is reported, no more.
    """

    describe: Callable[[], str]
    run: Callable[[Path, Images, Path], Probabilities]
    backend: str
    hardest: int = 1000
    scripts: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class Target:
    """One kind of exported model.

    Attributes:
        name: As on the command line and in the manifest.
        purpose: What it is for, in one line.
        path: Where it lies under the output folder: a `.tflite`, or the folder of a `model.json`.
        budget: How far from the reference model it may be.
        convert: Writes the artifact to the given path. Raises ConversionError.
        engines: The runtimes that run it for its users. The first runs every image; each further one runs
            some of them, the ones that drifted most in the first included.
        refusal: Says, before any conversion, what of a model the target lacks, by layer and reason, as in
            `TensorFlow.js has no GroupNormalization layer (norm_1)`; None where it lacks nothing.
    """

    name: str
    purpose: str
    path: str
    budget: Budget
    convert: Callable[[Source, Path], None]
    engines: tuple[Engine, ...]
    refusal: Callable[[Source], str | None] = lambda source: None
