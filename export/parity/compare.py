"""Compare an artifact's answers with the original's. Pure NumPy; imports no TensorFlow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from export.results import ComparedRun, IncomparableRun
from export.target import Budget
from export.types import Labels, Probabilities

WORST_SHOWN = 10


def compare(
    reference: Probabilities, found: Probabilities, labels: Labels, runtime: str, budget: Budget
) -> ComparedRun | IncomparableRun:
    """Judge an artifact's answers: first whether they are answers at all, then how far off they are.

    Args:
        reference: The original's probabilities, shape (n, classes).
        found: What the artifact gave for the same images; anything but the same shape of finite
            floats fails before any difference is computed.
        labels: The right classes, shape (n,).
        runtime: Name and version of what ran the artifact.
        budget: How far off it may be.
    """
    invalid = why_invalid(reference, found)
    if invalid:
        return IncomparableRun(runtime, len(labels), invalid)
    difference = np.abs(found.astype(np.float64) - reference)
    answer, right_answer = found.argmax(axis=1), reference.argmax(axis=1)
    best = reference.max(axis=1)
    tied = (reference == best[:, None]).sum(axis=1) > 1
    # Where the original itself can't decide, any of its best classes is its answer.
    agrees = reference[np.arange(len(answer)), answer] == best
    decided = ~not_clear_cut(reference, budget.quantization_levels)
    if not decided.any():
        decided[:] = True  # an original that decides nothing is held to all its answers
    run = ComparedRun(
        runtime=runtime,
        samples=len(labels),
        max_abs_diff=float(difference.max()),
        mean_abs_diff=float(difference.mean()),
        top1_agreement=float(agrees.mean()),
        clear_cut_agreement=float(agrees[decided].mean()),
        not_clear_cut=int((~decided).sum()),
        ties=int(tied.sum()),
        accuracy=float((answer == labels).mean()),
        worst=tuple(int(i) for i in rank_by_drift(reference, found)[:WORST_SHOWN]),
        max_logit_diff=logit_difference(reference, found),
    )
    # Counted, then divided once: a difference of two means is a rounding error off the budget's decimals.
    lost = int((right_answer == labels).sum()) - int((answer == labels).sum())
    drop = lost / len(labels)
    return _judged(run, drop, budget)


def compare_some(
    reference: Probabilities,
    answers: Probabilities,
    chosen: NDArray[np.intp],
    found: Probabilities,
    labels: Labels,
    runtime: str,
    budget: Budget,
) -> ComparedRun | IncomparableRun:
    """Judge a second engine's answers for some images, taken with the first engine's for all others.

    Alone they couldn't be held against the budget's shares: the images are chosen for being hard.

    Args:
        reference: The original's probabilities for all images, shape (n, classes).
        answers: The first engine's, of the same shape.
        chosen: Indices of the images that the second engine ran, shape (m,).
        found: Its answers for them, shape (m, classes).
        labels: The right classes of all images, shape (n,).
        runtime: Name and version of the second engine.
        budget: How far off the artifact may be.
    """
    invalid = why_invalid(reference[chosen], found)
    if invalid:
        return IncomparableRun(runtime, len(chosen), invalid)
    mixed = answers.copy()
    mixed[chosen] = found
    return replace(compare(reference, mixed, labels, runtime, budget), samples=len(chosen))


def not_clear_cut(reference: Probabilities, levels: int | None) -> NDArray[np.bool_]:
    """The images on which rounding to so many levels can change the original's answer.

    The levels divide the range that the logits take, so two logits closer than one step of it may come out
    equal, or the other way round. A weak model, unsure of many images, has many such answers; a good one a
    few in a thousand. It is the original alone that tells: no copy can excuse itself by being far off.

    Logits are the logarithms of the probabilities, but for a constant that an image's have in common. Their
    range is taken from the image where they lie farthest apart, so a step here is at most as long as that
    of a copy, whose levels cover the logits of all images.

    Args:
        reference: The original's probabilities, shape (n, classes).
        levels: How many; None for numbers that aren't rounded to levels, with which every image is decided.

    Returns:
        Shape (n,).
    """
    if levels is None:
        return np.zeros(len(reference), bool)
    # The smallest float32, where a probability is too small for one.
    logits = np.sort(np.log(np.maximum(reference, np.finfo(np.float32).tiny)), axis=1)
    step = np.ptp(logits, axis=1).max() / (levels - 1)
    within: NDArray[np.bool_] = np.ptp(logits[:, -2:], axis=1) <= step
    return within


def logit_difference(reference: Probabilities, found: Probabilities) -> float:
    """Largest difference of any logarithm of a probability.

    Below 1e-30 a probability counts as that: float32 and its runtimes run out of numbers not far from there.
    """
    logarithms = (np.log(np.maximum(answers.astype(np.float64), 1e-30)) for answers in (reference, found))
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
    """Why answers can't be compared with the original's: another shape, no floats, NaN or infinity."""
    if found.shape != reference.shape:
        return f"expected answers of shape {reference.shape}, found {found.shape}"
    if found.dtype.kind != "f":
        return f"expected floating-point probabilities, found {found.dtype}"
    broken = int((~np.isfinite(found)).any(axis=1).sum())
    if broken:
        return f"expected finite probabilities, found NaN or infinity for {broken} images"
    return None


def _judged(run: ComparedRun, drop: float, budget: Budget) -> ComparedRun:
    failures = []
    if budget.max_abs_diff is not None and run.max_abs_diff > budget.max_abs_diff:
        failures.append(
            f"expected differences of at most {budget.max_abs_diff:g}, found {run.max_abs_diff:.3g}"
        )
    if budget.max_logit_diff is not None and run.max_logit_diff > budget.max_logit_diff:
        failures.append(
            f"expected logits within {budget.max_logit_diff:g}, found a difference of "
            f"{run.max_logit_diff:.3g}"
        )
    if run.clear_cut_agreement < budget.min_top1_agreement:
        decided = f" that the original decides by more than a step of {budget.quantization_levels} levels"
        failures.append(
            f"expected the same answer for at least {budget.min_top1_agreement:.2%} of the images"
            f"{decided if budget.quantization_levels else ''}, found {run.clear_cut_agreement:.2%}"
        )
    if budget.max_accuracy_drop is not None and drop > budget.max_accuracy_drop:
        failures.append(
            f"expected an accuracy at most {budget.max_accuracy_drop:.2%} below the original's, "
            f"found {drop:.2%}"
        )
    return replace(run, failures=tuple(failures))
