"""What of a run is past its budget: the one place where figures become failures."""

from collections.abc import Iterator

from export.parity.evidence import Evidence
from export.parity.results import ComparedRun, Probing
from export.reference.tasks import Task
from export.target import Budget

# Of the clear-cut probes, for 8-bit models: measured were 100% for MLPs and 99.65% and more for CNNs.
MIN_PROBE_AGREEMENT = 0.95
# An image's prediction may not depend on its neighbours in the batch: it is bit-equal in every runtime.
MAX_BATCH_DIFF = 1e-5
# Quantized values: their mean difference, in steps between quantization levels.
MAX_STEPS = 4


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
    if budget.max_mean_diff is not None and run.mean_abs_diff > budget.max_mean_diff:
        yield (
            f"expected a mean difference of at most {budget.max_mean_diff:.3g}, which quantization explains, "
            f"found {run.mean_abs_diff:.3g}"
        )
    if evidence.task is Task.VALUES:
        yield from _failures_of_values(run, evidence, budget)
    else:
        yield from _failures_of_decisions(run, evidence, budget)
    if invalid_probes:
        yield f"probes: {invalid_probes}"
    if run.probing:
        yield from _failures_on_probes(run.probing, budget)


def _failures_of_values(run: ComparedRun, evidence: Evidence, budget: Budget) -> Iterator[str]:
    most = MAX_STEPS / (budget.quantization_levels or MAX_STEPS)
    if run.mean_abs_diff > most:
        yield (
            f"expected a mean difference of at most {most:.3g} of the range of the reference model's values, "
            f"found {run.mean_abs_diff:.3g}"
        )


def _failures_of_decisions(run: ComparedRun, evidence: Evidence, budget: Budget) -> Iterator[str]:
    assert run.max_logit_diff is not None
    assert run.clear_cut_agreement is not None
    if budget.max_logit_diff is not None and run.max_logit_diff > budget.max_logit_diff:
        yield (
            f"expected logits within {budget.max_logit_diff:g} of the reference model's, found a difference "
            f"of {run.max_logit_diff:.3g}"
        )
    decisions = len(evidence.task.decisions(evidence.reference))
    if _misses(run.clear_cut_agreement, decisions - run.not_clear_cut, budget.min_top1_agreement):
        yield (
            f"expected an agreement of at least {budget.min_top1_agreement:.2%} on {_counted(budget)}, "
            f"found {run.clear_cut_agreement:.2%}"
        )
    if run.lost_classes:
        yield f"expected the predictions of each class, found most of class {run.lost_classes[0]} lost"
    if budget.max_accuracy_drop is None or run.accuracy is None or evidence.accuracy is None:
        return
    # In whole decisions, of which one may always be lost: a difference of two fractions is a rounding error
    # off the budget's decimals, and of 400 pictures one is more than 0.2%.
    lost = round((evidence.accuracy - run.accuracy) * decisions)
    if lost > max(budget.max_accuracy_drop * decisions, 1) + _lost_in_noise(run, decisions):
        yield (
            f"expected an accuracy at most {budget.max_accuracy_drop:.2%} below the reference model's, "
            f"found {lost / decisions:.2%} below"
        )


def _lost_in_noise(run: ComparedRun, decisions: int) -> int:
    """How many predictions differ that aren't clear-cut: rounding may change each of them, for the worse.

    A trained model is right more often than wrong even there, so that most of such changes are losses.
    """
    assert run.top1_agreement is not None
    assert run.clear_cut_agreement is not None
    clear_cut = decisions - run.not_clear_cut
    return round((1 - run.top1_agreement) * decisions - (1 - run.clear_cut_agreement) * clear_cut)


def _misses(agreement: float, count: int, least: float) -> bool:
    """Whether an agreement on so many is too small; one may always differ unless all must agree."""
    different = round((1 - agreement) * count)
    return different > max((1 - least) * count, least < 1)


def _failures_on_probes(probing: Probing, budget: Budget) -> Iterator[str]:
    if budget.max_logit_diff is not None and (probing.max_logit_diff or 0) > budget.max_logit_diff:
        yield (
            f"expected logits of the probes within {budget.max_logit_diff:g} of the reference model's, found "
            f"a difference of {probing.max_logit_diff:.3g}"
        )
    agreement = probing.clear_cut_agreement
    if budget.max_logit_diff is None and agreement is not None and agreement < MIN_PROBE_AGREEMENT:
        yield (
            f"expected an agreement of at least {MIN_PROBE_AGREEMENT:.2%} on the clear-cut probes, "
            f"found {agreement:.2%}"
        )
    if probing.batch_diff > MAX_BATCH_DIFF:
        yield (
            "expected the same prediction for an image alone as in a batch, found a difference of "
            f"{probing.batch_diff:.3g}"
        )


def _counted(budget: Budget) -> str:
    if budget.quantization_levels is None:
        within = f" whose reference margin is above {budget.noise:.2g}" if budget.noise else ""
        return f"all images{within}"
    return (
        "the images whose reference margin is above one quantization step "
        f"({budget.quantization_levels} levels)"
    )
