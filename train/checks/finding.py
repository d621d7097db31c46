"""What a check found, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a check ended."""

    PASS = "pass"
    FAIL = "FAIL"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    Attributes:
        verdict: How it ended.
        found: What was found, in figures; of a skipped check, why it couldn't run.
        remedy: The cause and what to do, if it failed.
    """

    verdict: Verdict
    found: str
    remedy: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether something is wrong."""
        return self.verdict is Verdict.FAIL


def passed(found: str) -> Finding:
    """All is well."""
    return Finding(Verdict.PASS, found)


def failed(found: str, remedy: str) -> Finding:
    """Something is wrong."""
    return Finding(Verdict.FAIL, found, remedy)


def skipped(reason: str) -> Finding:
    """Something else must be mended first."""
    return Finding(Verdict.SKIPPED, reason)
