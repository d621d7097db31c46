"""The nouns of the export: what a target is, what comes of it, and how it is judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from export.source import Source

Images = NDArray[np.uint8]  # (n, height, width, channels), grey levels 0..255
Labels = NDArray[np.uint8]  # (n,), class numbers
Probabilities = NDArray[np.float32]  # (n, classes), 0..1


@dataclass(frozen=True, slots=True)
class Budget:
    """How far an artifact may be from the Keras model. None: not judged by it.

    Attributes:
        max_abs_diff: Largest difference of any probability, 0..1.
        min_top1_agreement: Smallest share of equal answers, 0..1. Exact ties of the original count as equal.
        max_accuracy_drop: Largest loss of accuracy, as a share of all images, 0..1.
        levels: How many levels the artifact rounds its coarsest numbers to. Answers that the original itself
            decides by less than one step between them aren't judged by agreement, see
            `export.parity.undecided`. None: every answer is.
        max_logit_diff: Largest difference of any logarithm of a probability, which softmax hides where the
            original is sure. Probes are judged by it, too.
        saturates: Whether the artifact's numbers end where those of the calibration pictures do. Its answers
            for probes with more ink than any picture of the dataset are then run and told, but not judged.
    """

    max_abs_diff: float | None
    min_top1_agreement: float
    max_accuracy_drop: float | None
    levels: int | None = None
    max_logit_diff: float | None = None
    saturates: bool = False


@dataclass(frozen=True, slots=True)
class Engine:
    """One runtime that runs artifacts.

    Attributes:
        describe: Its name and version, as in `ai-edge-litert 2.3.0`.
        run: Runs an artifact (its path) on images, in batches and the last one alone; the path of the page's
            own runtime file comes along for the engine that is that file. Raises RunError if the artifact
            can't be run.
        backend: What its process is told to run with: `litert`, or as in open_tfjs.mjs.
        hardest: How many images it runs where it isn't a target's first engine; of probes a hundred at most.
        promised: Whether a target that it can't run is past its budget. Otherwise it is told, no more.
    """

    describe: Callable[[], str]
    run: Callable[[Path, Images, Path], Probabilities]
    backend: str
    hardest: int = 1000
    promised: bool = True


@dataclass(frozen=True, slots=True)
class Target:
    """One kind of copy of a model.

    Attributes:
        name: As on the command line and in the manifest.
        purpose: What it is for, in one line.
        path: Where it lies under the output folder: a `.tflite`, or the folder of a `model.json`.
        budget: How far from the original it may be.
        convert: Writes the artifact to the given path. Raises ConversionError.
        engines: The runtimes that run it for its users. The first runs every image; each further one runs
            some of them, the ones that drifted most in the first included.
    """

    name: str
    purpose: str
    path: str
    budget: Budget
    convert: Callable[[Source, Path], None]
    engines: tuple[Engine, ...]


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as the manifest knows it: path relative to the output folder, size, SHA-256."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Probing:
    """What an engine made of images that no test split holds, see `export.probes`.

    Attributes:
        samples: How many there were.
        max_logit_diff: Largest difference of any logarithm of a probability.
        decided_agreement: Share of equal answers among those that the original decides by more than a step.
        undecided: How many are not among them.
        batch_diff: Largest difference of a probability between an image run alone and in a batch.
    """

    samples: int
    max_logit_diff: float
    decided_agreement: float
    undecided: int
    batch_diff: float


@dataclass(frozen=True, slots=True)
class Run:
    """An artifact compared with the original in one engine.

    Attributes:
        runtime: Name and version of the engine.
        samples: How many images it ran.
        max_abs_diff: Largest difference of any probability; None where nothing could be compared.
        mean_abs_diff: Mean difference over all probabilities; None likewise.
        top1_agreement: Share of equal answers, exact ties of the original counted as equal; None likewise.
        decided_agreement: The same among the images whose answer the budget's rounding can't change, which
            is what the budget judges; None likewise.
        undecided: How many images are not among them.
        ties: Images whose two best classes are exactly equal in the original.
        accuracy: Share of right answers; None likewise.
        failures: What is past the budget, a sentence each. Empty if it passed.
        worst: Indices of the images that drift most, worst first.
        max_logit_diff: Largest difference of any logarithm of a probability; None likewise.
        probing: The same engine on the probes; None where there were no answers to judge.
        refused: Why an engine that isn't promised can't run the artifact; None where it ran, or failed.
    """

    runtime: str
    samples: int
    max_abs_diff: float | None
    mean_abs_diff: float | None
    top1_agreement: float | None
    decided_agreement: float | None
    undecided: int
    ties: int
    accuracy: float | None
    failures: tuple[str, ...]
    worst: tuple[int, ...]
    max_logit_diff: float | None = None
    probing: Probing | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class ParityResult:
    """The verdict on an artifact: one run an engine, the run over every image first."""

    runs: tuple[Run, ...]
    budget: Budget

    @property
    def passed(self) -> bool:
        """Whether every run is within the budget."""
        return not self.failures

    @property
    def whole(self) -> Run:
        """The first engine's run, over every image."""
        return self.runs[0]

    @property
    def max_abs_diff(self) -> float | None:
        """Largest difference of any probability in any engine; None where nothing could be compared."""
        found = [run.max_abs_diff for run in self.runs if run.max_abs_diff is not None]
        return max(found, default=None)

    @property
    def failures(self) -> tuple[str, ...]:
        """What is past the budget, named by engine."""
        return tuple(f"{failure} ({run.runtime})" for run in self.runs for failure in run.failures)


@dataclass(frozen=True, slots=True)
class Artifact:
    """A target built and judged."""

    target: Target
    files: tuple[FileRecord, ...]
    parity: ParityResult

    @property
    def bytes(self) -> int:
        """Size of all its files."""
        return sum(file.bytes for file in self.files)
