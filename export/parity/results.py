"""What a run of the export finds: files, comparisons and verdicts."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from export.target import Budget, Target
from train.input.checksum import sha256_of
from train.input.regular_file import UnreadableError


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that isn't the one that was written.

    Attributes:
        path: Where it lies.
        what: What is wrong with it, in words that follow the path.
    """

    path: Path
    what: str

    def __str__(self) -> str:
        """Both, for a message."""
        return f"{self.path} {self.what}"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as the manifest knows it: path relative to the output folder, size, SHA-256."""

    path: str
    bytes: int
    sha256: str

    def damage(self, folder: Path) -> Damage | None:
        """What is wrong with the file in an output folder, or None if it is the one that was recorded."""
        path = folder / self.path
        try:
            size = path.stat().st_size
            if not path.resolve().is_relative_to(folder.resolve()):
                return Damage(path, f"is a link out of {folder}")
            if size != self.bytes:  # a device has none, and no end
                return Damage(path, f"of {size} bytes instead of {self.bytes}")
            return None if sha256_of(path) == self.sha256 else Damage(path, "with another content")
        except OSError as error:
            return Damage(path, f"unreadable ({error.strerror})")
        except UnreadableError as error:
            return Damage(path, f"unreadable ({str(error).partition(':')[0]})")


@dataclass(frozen=True, slots=True)
class Probing:
    """How an engine's predictions for the probes compare, see `export.parity.probes`.

    Attributes:
        samples: How many probes it ran.
        max_logit_diff: Largest difference of any logarithm of a probability.
        clear_cut_agreement: Fraction of equal predictions among the clear-cut probes, 0..1; of those that are
            pictures and of those that aren't, the smaller.
        not_clear_cut: How many probes are not clear-cut, or hold more ink than the budget covers.
        batch_diff: Largest difference of a probability between an image run alone and in a batch.
    """

    samples: int
    max_logit_diff: float | None
    clear_cut_agreement: float | None
    not_clear_cut: int
    batch_diff: float


@dataclass(frozen=True, slots=True)
class ComparedRun:
    """An engine's predictions compared with the reference model's.

    Differences of values, which have no range of their own, are fractions of the range of the reference
    model's values; they have no agreement and no accuracy. Of several labels for each image, agreement and
    accuracy are those of single labels.

    Attributes:
        runtime: Name and version of the engine.
        samples: How many images it ran.
        max_abs_diff: Largest difference of any probability.
        mean_abs_diff: Mean difference over all probabilities.
        top1_agreement: Fraction of equal predictions, 0..1; any class of an exact tie of the reference model
            counts as equal.
        clear_cut_agreement: The same among the clear-cut images, see
            `export.parity.compare.clear_cut`. The budget bounds this one.
        not_clear_cut: How many images are not clear-cut.
        ties: How many images have two best classes that are exactly equal in the reference model.
        accuracy: Fraction of right predictions, 0..1; None where the images have no labels.
        max_logit_diff: Largest difference of any logarithm of a probability.
        worst: Indices of the images that drift most, worst first.
        failures: What is past the budget, a sentence each. Empty if the run passed.
        probing: The same engine on the probes; None where its predictions for them can't be compared.
        mean_abs_error: Of values, the mean difference from the right ones, in their own unit.
        lost_classes: The classes of which most clear-cut predictions are others.
    """

    runtime: str
    samples: int
    max_abs_diff: float
    mean_abs_diff: float
    top1_agreement: float | None
    clear_cut_agreement: float | None
    not_clear_cut: int
    ties: int
    accuracy: float | None
    max_logit_diff: float | None
    worst: tuple[int, ...]
    failures: tuple[str, ...] = ()
    probing: Probing | None = None
    mean_abs_error: float | None = None
    lost_classes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class IncomparableRun:
    """A run that gave no predictions, or none that can be compared. It fails.

    Attributes:
        runtime: Name and version of the engine.
        samples: How many images it was given.
        reason: What was expected of it, and what was found.
    """

    runtime: str
    samples: int
    reason: str

    @property
    def failures(self) -> tuple[str, ...]:
        """The reason."""
        return (self.reason,)


@dataclass(frozen=True, slots=True)
class UnsupportedRun:
    """An engine that can't run the artifact and isn't required to. It neither passes nor fails.

    Attributes:
        runtime: Name and version of the engine.
        reason: Why it can't run the artifact.
    """

    runtime: str
    reason: str
    samples: ClassVar[int] = 0
    failures: ClassVar[tuple[str, ...]] = ()


Run = ComparedRun | IncomparableRun | UnsupportedRun


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
    def comparison(self) -> ComparedRun | None:
        """The first engine's run, over every image; None where it can't be compared."""
        first = self.runs[0]
        return first if isinstance(first, ComparedRun) else None

    @property
    def max_abs_diff(self) -> float | None:
        """Largest difference of any probability in any engine; None where nothing can be compared."""
        return max((run.max_abs_diff for run in self.runs if isinstance(run, ComparedRun)), default=None)

    @property
    def failures(self) -> tuple[str, ...]:
        """What is past the budget, with the engine's name."""
        return tuple(f"{failure} ({run.runtime})" for run in self.runs for failure in run.failures)


@dataclass(frozen=True, slots=True)
class Artifact:
    """An exported model, with the verdict on it.

    Attributes:
        target: What it is.
        files: The files that it is made of.
        parity: The verdict.
        operations: Of a `.tflite`, see `export.runtimes.tflite_file.operations_of`; None of others.
    """

    target: Target
    files: tuple[FileRecord, ...]
    parity: ParityResult
    operations: list[dict[str, Any]] | None = None

    @property
    def bytes(self) -> int:
        """Size of all its files."""
        return sum(file.bytes for file in self.files)
