"""What of a run is past its budget: the one place where figures become failures."""

from collections.abc import Iterator

from export.parity.evidence import Evidence
from export.parity.results import ComparedRun, Probing
from export.target import Budget

# Of the clear-cut probes, for 8-bit models: measured were 100% for MLPs and 99.65% and more for CNNs.
MIN_PROBE_AGREEMENT = 0.95
# An image's prediction may not depend on its neighbours in the batch: it is bit-equal in every runtime.
MAX_BATCH_DIFF = 1e-5


def failures(
    run: ComparedRun, evidence: Evidence, budget: Budget, invalid_probes: str | None
) -> Iterator[str]:
    """A sentence for each figure that is past the budget.

    Args:
        run: The figures.
        evidence: What the run was compared with.
        budget: How far off the figures may be.
        invalid_probes: Why the predictions for the probes can't be compared; None if they can.
    """
    if budget.max_abs_diff is not None and run.max_abs_diff > budget.max_abs_diff:
        yield f"expected differences of at most {budget.max_abs_diff:g}, found {run.max_abs_diff:.3g}"
    if budget.max_logit_diff is not None and run.max_logit_diff > budget.max_logit_diff:
        yield (
            f"expected logits within {budget.max_logit_diff:g} of the reference model's, found a difference "
            f"of {run.max_logit_diff:.3g}"
        )
    if run.clear_cut_agreement < budget.min_top1_agreement:
        yield (
            f"expected an agreement of at least {budget.min_top1_agreement:.2%} on {_counted(budget)}, "
            f"found {run.clear_cut_agreement:.2%}"
        )
    # In whole images: a difference of two fractions is a rounding error off the budget's decimals.
    drop = round((evidence.accuracy - run.accuracy) * len(evidence.labels)) / len(evidence.labels)
    if budget.max_accuracy_drop is not None and drop > budget.max_accuracy_drop:
        yield (
            f"expected an accuracy at most {budget.max_accuracy_drop:.2%} below the reference model's, "
            f"found {drop:.2%} below"
        )
    if invalid_probes:
        yield f"probes: {invalid_probes}"
    if run.probing:
        yield from _failures_on_probes(run.probing, budget)


def _failures_on_probes(probing: Probing, budget: Budget) -> Iterator[str]:
    if budget.max_logit_diff is not None and probing.max_logit_diff > budget.max_logit_diff:
        yield (
            f"expected logits of the probes within {budget.max_logit_diff:g} of the reference model's, found "
            f"a difference of {probing.max_logit_diff:.3g}"
        )
    if budget.max_logit_diff is None and probing.clear_cut_agreement < MIN_PROBE_AGREEMENT:
        yield (
            f"expected an agreement of at least {MIN_PROBE_AGREEMENT:.2%} on the clear-cut probes, "
            f"found {probing.clear_cut_agreement:.2%}"
        )
    if probing.batch_diff > MAX_BATCH_DIFF:
        yield (
            "expected the same prediction for an image alone as in a batch, found a difference of "
            f"{probing.batch_diff:.3g}"
        )


def _counted(budget: Budget) -> str:
    if budget.quantization_levels is None:
        return "all images"
    return (
        "the images whose reference margin is above one quantization step "
        f"({budget.quantization_levels} levels)"
    )
