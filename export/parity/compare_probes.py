"""Judge what an engine makes of the probes, see `export.parity.probes`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from export.parity.compare import logit_difference, not_clear_cut, why_invalid
from export.results import ComparedRun, Probing
from export.target import Budget
from export.types import Probabilities

# Of those decided, of 8-bit copies: measured are all for MLPs and 99.65% and more for CNNs.
MIN_PROBE_AGREEMENT = 0.95
# An image's answer may not depend on its neighbours in the batch: it is bit-equal in every runtime.
MOST_BATCH_DIFF = 1e-5


def judged_on_probes(
    run: ComparedRun,
    reference: Probabilities,
    probe_reference: Probabilities,
    found: tuple[Probabilities, Probabilities, Probabilities],
    budget: Budget,
    beyond: NDArray[np.bool_],
) -> ComparedRun:
    """Judge an engine's answers for the probes, and add that to its run.

    Args:
        run: The engine's answers for the test images, judged.
        reference: The original's probabilities for all test images, shape (n, classes).
        probe_reference: The original's for the probes, shape (m, classes).
        found: What the engine gave for test images, for the probes, and for the first of the test images run
            alone, shape (1, classes).
        budget: How far off it may be; one without a bound on logits is judged by the decided answers.
        beyond: Which probes hold more ink than any picture of the dataset, shape (m,).

    Returns:
        The run, with what the probes showed and any failures of theirs.
    """
    answers, of_probes, alone = found
    invalid = why_invalid(probe_reference, of_probes) or why_invalid(answers[:1], alone)
    if invalid:
        return replace(run, failures=(*run.failures, f"probes: {invalid}"))
    everything = np.concatenate([reference, probe_reference])
    decided = ~not_clear_cut(everything, budget.quantization_levels)[len(reference) :]
    if budget.saturates:
        decided &= ~beyond
    right = np.take_along_axis(probe_reference, of_probes.argmax(axis=1)[:, None], axis=1)[:, 0]
    agrees = right == probe_reference.max(axis=1)  # any class of an exact tie
    probing = Probing(
        samples=len(of_probes),
        max_logit_diff=logit_difference(probe_reference, of_probes),
        clear_cut_agreement=float(agrees[decided].mean()) if decided.any() else 1.0,
        not_clear_cut=int((~decided).sum()),
        batch_diff=float(np.abs(answers[:1] - alone).max()),
    )
    return replace(run, probing=probing, failures=(*run.failures, *_failures(probing, budget)))


def _failures(probing: Probing, budget: Budget) -> list[str]:
    failures = []
    if budget.max_logit_diff is not None and probing.max_logit_diff > budget.max_logit_diff:
        failures.append(
            f"expected logits of the probes within {budget.max_logit_diff:g}, found a difference of "
            f"{probing.max_logit_diff:.3g}"
        )
    if budget.max_logit_diff is None and probing.clear_cut_agreement < MIN_PROBE_AGREEMENT:
        failures.append(
            f"expected the same answer for at least {MIN_PROBE_AGREEMENT:.2%} of the probes that the "
            f"original decides by more than a step, found {probing.clear_cut_agreement:.2%}"
        )
    if probing.batch_diff > MOST_BATCH_DIFF:
        failures.append(
            f"expected an image alone to have its answer in a batch, found a difference of "
            f"{probing.batch_diff:.3g}"
        )
    return failures
