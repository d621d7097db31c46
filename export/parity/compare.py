"""Compare an engine's predictions with the reference model's. Pure NumPy; imports no TensorFlow."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from export.parity.budget_checks import failures
from export.parity.evidence import Evidence
from export.parity.predictions import Predictions
from export.parity.results import ComparedRun, IncomparableRun, Probing
from export.reference.tasks import Task
from export.target import Budget
from export.types import Probabilities

WORST_SHOWN = 10
# Of the range of logits: the margin of clear-cut probes, where the artifact's numbers end with those of
# training images. Probes reach beyond: a tiny CNN's int8 took half of its lit pixels for another class, up to
# 0.075 of the range behind the best, and every test image for the same.
OUTSIDE = 0.1


def compare(
    evidence: Evidence,
    predictions: Predictions,
    runtime: str,
    budget: Budget,
    first: Predictions | None = None,
) -> ComparedRun | IncomparableRun:
    """Compare an engine's predictions with the reference model's, and check them against the budget.

    Predictions of another shape than the reference model's, or of anything but finite floats, fail before any
    difference is computed.

    Args:
        evidence: The images and probes, and the reference model's predictions for them.
        predictions: The engine's.
        runtime: Name and version of the engine.
        budget: How far off the predictions may be.
        first: The first engine's predictions for everything, where this is a further engine. They stand for
            the images that this one didn't run: those that it ran were chosen for being hard, and the
            budget's fractions are fractions of all images.
    """
    reference = evidence.reference[predictions.inputs.images]
    invalid = why_invalid(reference, predictions.of_images)
    if invalid:
        return IncomparableRun(runtime, len(reference), invalid)
    found = predictions.of_images
    if first is not None:
        found = first.of_images.copy()
        found[predictions.inputs.images] = predictions.of_images
    run = replace(_compare_images(evidence, found, runtime, budget), samples=len(reference))
    of_probes = evidence.probe_reference[predictions.inputs.probes]
    invalid = why_invalid(of_probes, predictions.of_probes)
    invalid = invalid or why_invalid(predictions.of_images[:1], predictions.alone)
    if not invalid:
        run = replace(run, probing=_compare_probes(evidence, predictions, budget))
    return replace(run, failures=tuple(failures(run, evidence, budget, invalid)))


def _compare_images(evidence: Evidence, found: Probabilities, runtime: str, budget: Budget) -> ComparedRun:
    """The figures of predictions for every test image."""
    reference = evidence.reference
    difference = np.abs(found.astype(np.float64) - reference) / evidence.unit
    run = ComparedRun(
        runtime=runtime,
        samples=len(found),
        max_abs_diff=float(difference.max()),
        mean_abs_diff=float(difference.mean()),
        top1_agreement=None,
        clear_cut_agreement=None,
        not_clear_cut=0,
        ties=0,
        accuracy=evidence.accuracy_of(found),
        max_logit_diff=None,
        worst=tuple(int(i) for i in rank_by_drift(reference, found)[:WORST_SHOWN]),
        mean_abs_error=evidence.mean_abs_error_of(found),
    )
    if evidence.task is Task.VALUES:
        return run
    reference, found = map(evidence.task.decisions, (reference, found))
    tied = (reference == reference.max(axis=1, keepdims=True)).sum(axis=1) > 1
    agrees = _agreement(reference, found)
    counted = clear_cut(reference, budget)
    if not counted.any() and not budget.noise:
        counted[:] = True
    return replace(
        run,
        top1_agreement=float(agrees.mean()),
        clear_cut_agreement=float(agrees[counted].mean()) if counted.any() else 1.0,
        not_clear_cut=int((~counted).sum()),
        ties=int(tied.sum()),
        max_logit_diff=logit_difference(reference, found, budget.least),
        lost_classes=lost_classes(evidence.task, reference, agrees, counted),
    )


def lost_classes(
    task: Task, reference: Probabilities, agrees: NDArray[np.bool_], counted: NDArray[np.bool_]
) -> tuple[int, ...]:
    """The classes of which most clear-cut predictions, two or more, are others: of many, one weighs little.

    Args:
        task: What is decided. A label that applies or doesn't is no class of its own.
        reference: The reference model's decisions, shape (n, classes).
        agrees: Which of them are the same, shape (n,).
        counted: Which are clear-cut, shape (n,).
    """
    if task is not Task.CLASSES:
        return ()
    classes, predicted = reference.shape[1], reference.argmax(axis=1)
    all_of, lost = (np.bincount(predicted[some], minlength=classes) for some in (counted, counted & ~agrees))
    return tuple(int(one) for one in np.flatnonzero((lost > 1) & (2 * lost > all_of)))


def _compare_probes(evidence: Evidence, predictions: Predictions, budget: Budget) -> Probing:
    """The figures of predictions for probes, and of an image in a batch and alone."""
    chosen, found = predictions.inputs.probes, predictions.of_probes
    probing = Probing(
        samples=len(found),
        max_logit_diff=None,
        clear_cut_agreement=None,
        not_clear_cut=0,
        batch_diff=float(np.abs(predictions.of_images[:1] - predictions.alone).max() / evidence.unit),
    )
    if evidence.task is Task.VALUES:
        return probing
    reference, found = map(evidence.task.decisions, (evidence.probe_reference[chosen], found))
    # The range of the logits is that of images and probes together.
    everything = np.concatenate([evidence.task.decisions(evidence.reference), reference])
    counted = clear_cut(everything, budget, OUTSIDE if budget.saturates else 0)[-len(reference) :]
    of_each = len(reference) // probing.samples
    first_picture = len(evidence.probes) - evidence.pictures
    pictured = np.repeat(np.arange(len(evidence.probes))[chosen] >= first_picture, of_each)
    if budget.saturates:
        counted &= np.repeat(~evidence.beyond[chosen], of_each)
    return replace(
        probing,
        max_logit_diff=logit_difference(reference, found, budget.least),
        clear_cut_agreement=_smaller_agreement(_agreement(reference, found), counted, pictured),
        not_clear_cut=int((~counted).sum()),
    )


def _smaller_agreement(
    agrees: NDArray[np.bool_], counted: NDArray[np.bool_], pictured: NDArray[np.bool_]
) -> float:
    """The agreement on clear-cut probes that are pictures, of which one may differ, or on the others."""
    of_pictures, of_others = agrees[counted & pictured], agrees[counted & ~pictured]
    found = [of_others.mean()] if of_others.size else []
    found += [of_pictures.mean()] if (~of_pictures).sum() > 1 else []
    return float(min(found, default=1.0))


def _agreement(reference: Probabilities, found: Probabilities) -> NDArray[np.bool_]:
    """Which predicted classes, shape (n,), are the reference model's; any class of an exact tie is."""
    predicted = np.take_along_axis(reference, found.argmax(axis=1)[:, None], axis=1)[:, 0]
    return np.asarray(predicted == reference.max(axis=1))


def clear_cut(reference: Probabilities, budget: Budget, least_margin: float = 0) -> NDArray[np.bool_]:
    """The decisions that rounding can't change, to the budget's quantization levels or within its noise.

    The levels divide the range that the logits take. Where the reference margin, the difference of the two
    best logits, is at most one step between levels, rounding can make the two equal or swap them. A model of
    low confidence has many such images, a good one a few in a thousand. The same holds where the two best
    probabilities are as near as the steps that an artifact gives them in. The reference model alone decides
    which they are, so that a large drift excuses nothing.

    Logits are the logarithms of the probabilities, but for a constant that an image's have in common. Their
    range is taken from the image where they lie farthest apart, so a step here is at most as long as that
    of an exported model, whose levels cover the logits of all images.

    Args:
        reference: The reference model's probabilities, shape (n, classes).
        budget: Without levels and noise, all images are clear-cut.
        least_margin: A fraction of the range of the logits, where a step is shorter.

    Returns:
        Shape (n,).
    """
    if budget.quantization_levels is None and not budget.noise:
        return np.ones(len(reference), bool)
    probabilities = np.sort(reference, axis=1)
    # The smallest float32, where a probability is too small for one.
    logits = np.log(np.maximum(probabilities, np.finfo(np.float32).tiny))
    step = budget.noise
    if budget.quantization_levels is not None:
        widest = max(np.ptp(logits, axis=1).max(), budget.logit_range)
        step = max(step, widest * max(1 / (budget.quantization_levels - 1), least_margin))
    apart, far_apart = (np.ptp(some[:, -2:], axis=1) for some in (probabilities, logits))
    return np.asarray((far_apart > step) & (apart > budget.output_step))


def logit_difference(reference: Probabilities, found: Probabilities, least: float = 1e-30) -> float:
    """Largest difference of any logarithm of a probability.

    Below `least` a probability counts as that: float32 and its runtimes end not far from 1e-30.
    """
    logarithms = (np.log(np.maximum(some.astype(np.float64), least)) for some in (reference, found))
    return float(np.abs(np.subtract(*logarithms)).max())


def rank_by_drift(reference: Probabilities, found: Probabilities) -> NDArray[np.intp]:
    """Indices of all images, the largest difference of any probability first."""
    return np.argsort(-np.abs(found - reference).max(axis=1), kind="stable")


def hardest(reference: Probabilities, found: Probabilities, count: int) -> NDArray[np.intp]:
    """Indices of `count` images: half that drift most, half spread evenly over the others; sorted."""
    ranked = rank_by_drift(reference, found)
    count = min(count, len(ranked))
    worst, others = ranked[: count // 2], np.sort(ranked[count // 2 :])
    spread = np.linspace(0, len(others) - 1, count - len(worst)).astype(np.intp)
    return np.sort(np.concatenate([worst, others[spread]]))


def why_invalid(reference: Probabilities, found: Probabilities) -> str | None:
    """Why predictions can't be compared with the reference: another shape, no floats, NaN or infinity."""
    if found.shape != reference.shape:
        return f"expected predictions of shape {reference.shape}, found {found.shape}"
    if found.dtype.kind != "f":
        return f"expected floating-point probabilities, found {found.dtype}"
    broken = int((~np.isfinite(found)).any(axis=1).sum())
    if broken:
        return f"expected finite probabilities, found NaN or infinity for {broken} images"
    return None
