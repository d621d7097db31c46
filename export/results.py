"""What a run of the export finds: files, comparisons and verdicts."""

from __future__ import annotations

from dataclasses import dataclass

from export.target import Budget, Target


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as the manifest knows it: path relative to the output folder, size, SHA-256."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Probing:
    """What an engine made of images that no test split holds, see `export.parity.probes`.

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
