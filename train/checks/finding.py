"""The finding of a check, and the remedy for a fault."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """The outcome of a check."""

    PASS = "pass"
    FAIL = "FAIL"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """The finding of a check.

    Attributes:
        verdict: The outcome.
        found: What was found, in figures; for a skipped check, the reason.
        remedy: The cause of a fault and what to do about it.
    """

    verdict: Verdict
    found: str
    remedy: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether the check failed."""
        return self.verdict is Verdict.FAIL


def passed(found: str) -> Finding:
    """The finding of a check that passed."""
    return Finding(Verdict.PASS, found)


def failed(found: str, remedy: str) -> Finding:
    """The finding of a check that failed."""
    return Finding(Verdict.FAIL, found, remedy)


def skipped(reason: str) -> Finding:
    """The finding of a check that another fault prevents."""
    return Finding(Verdict.SKIPPED, reason)
