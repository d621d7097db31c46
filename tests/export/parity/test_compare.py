"""Every gate of the comparison can fail, and only for its own reason."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.parity.compare import clear_cut, compare, hardest, rank_by_drift
from export.parity.predictions import Inputs
from export.parity.results import ComparedRun, IncomparableRun
from export.target import Budget
from export.types import Probabilities
from tests.export.comparing import Array, compare_any, compare_images, evidence_of, predictions_of

STRICT = Budget(max_abs_diff=1e-5, min_top1_agreement=1.0, max_accuracy_drop=0.0)
LOOSE = Budget(max_abs_diff=None, min_top1_agreement=0.0, max_accuracy_drop=None)


def softmax_of_noise(n: int = 100, classes: int = 10, seed: int = 0) -> Probabilities:
    logits = np.random.default_rng(seed).normal(size=(n, classes)) * 4
    e = np.exp(logits)
    return np.asarray(e / e.sum(axis=1, keepdims=True), np.float32)


REFERENCE = softmax_of_noise()
LABELS = REFERENCE.argmax(axis=1).astype(np.uint8)


def compared(found: Array, budget: Budget = STRICT, labels: Array = LABELS) -> ComparedRun:
    return compare_images(REFERENCE, found, labels, budget)


def incomparable(found: Array) -> str:
    """Why predictions can't be compared."""
    run = compare_any(REFERENCE, found, LABELS, LOOSE)
    assert isinstance(run, IncomparableRun)
    assert run.failures == (run.reason,)
    return run.reason


def test_equal_predictions_pass() -> None:
    run = compared(REFERENCE.copy())
    assert run.failures == ()
    assert (run.max_abs_diff, run.mean_abs_diff, run.top1_agreement, run.accuracy) == (0, 0, 1, 1)
    assert run.samples == len(REFERENCE)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_prediction_that_is_no_number_fails_before_anything_is_compared(value: float) -> None:
    found = REFERENCE.copy()
    found[7, 3] = value
    assert "NaN or infinity for 1 images" in incomparable(found)


@pytest.mark.parametrize("found", [REFERENCE[:-1], REFERENCE[:, :-1], REFERENCE.ravel(), REFERENCE[None]])
def test_another_shape_fails(found: Probabilities) -> None:
    assert "expected predictions of shape (100, 10)" in incomparable(found)


def test_whole_numbers_fail() -> None:
    found = (REFERENCE * 255).astype(np.uint8)
    assert "found uint8" in incomparable(found)


def test_a_difference_past_the_budget_fails() -> None:
    found = REFERENCE.copy()
    found[5, 2] += 2e-5
    run = compared(found)
    assert len(run.failures) == 1
    assert "differences of at most 1e-05" in run.failures[0]
    assert run.worst[0] == 5


def test_a_changed_prediction_fails_by_agreement() -> None:
    found = REFERENCE.copy()
    found[3] = np.roll(found[3], 1)
    run = compared(found, Budget(None, 1.0, None))
    assert run.top1_agreement == pytest.approx(0.99)
    assert "expected an agreement of at least 100.00% on all images, found 99.00%" in run.failures[0]


def test_a_loss_of_accuracy_fails_and_a_gain_does_not() -> None:
    budget = Budget(None, 0.0, 0.005)
    found = REFERENCE.copy()
    found[3:5] = np.roll(found[3:5], 1, axis=1)
    assert "below the reference model's" in compared(found, budget).failures[0]
    wrong_before = LABELS.copy()
    wrong_before[3:5] = found[3:5].argmax(axis=1)
    assert compared(found, budget, wrong_before).failures == ()


@pytest.mark.parametrize("least", [0.999, 1.0])
def test_of_few_images_one_may_differ_unless_all_must_agree(least: float) -> None:
    found = REFERENCE.copy()
    found[3] = np.roll(found[3], 1)
    assert bool(compared(found, Budget(None, least, 0.001)).failures) == (least == 1.0)


def test_a_loss_of_exactly_the_budget_passes() -> None:
    # 0.982 - 0.98 is 0.0020000000000000018: the loss must be counted, not subtracted.
    reference = np.tile(np.array([[0.9, 0.1]], np.float32), (500, 1))
    labels = np.zeros(500, np.uint8)
    labels[:9] = 1
    found = reference.copy()
    found[-1] = [0.1, 0.9]
    assert compare_images(reference, found, labels, Budget(None, 0.0, 0.002)).failures == ()


def test_a_tie_of_the_reference_model_may_fall_either_way_and_is_counted() -> None:
    reference = np.array([[0.4, 0.4, 0.2], [0.1, 0.8, 0.1]], np.float32)
    found = reference + np.array([[0, 1e-6, 0], [0, 0, 0]], np.float32)
    run = compare_images(reference, found, np.array([0, 1], np.uint8), Budget(1e-5, 1.0, None))
    assert run.failures == ()
    assert run.ties == 1
    away = compare_images(reference, np.roll(reference, 1, axis=1), np.array([0, 1], np.uint8), LOOSE)
    assert away.top1_agreement == 0.5  # the tie's second class still counts, the other image doesn't


def of_logits(*rows: list[float]) -> Probabilities:
    e = np.exp(np.array(rows, np.float64))
    return np.asarray(e / e.sum(axis=1, keepdims=True), np.float32)


# Logits from 0 to 25.5 make steps of 0.1 with 256 levels.
WIDE = [25.5, 0.0, 10.0]


@pytest.mark.parametrize(("gap", "clear"), [(0.0, False), (0.09, False), (0.11, True), (5.0, True)])
def test_clear_cut_is_a_margin_above_one_step_of_the_logits_range(gap: float, clear: bool) -> None:
    reference = of_logits(WIDE, [7.0, 7.0 + gap, 3.0])
    assert clear_cut(reference, Budget(None, 1.0, None, 256)).tolist() == [True, clear]
    assert clear_cut(reference, Budget(None, 1.0, None, 65536)).tolist() == [True, gap > 0]
    assert clear_cut(reference, Budget(None, 1.0, None)).all()


def test_classes_nearer_than_the_steps_of_the_outputs_are_not_clear_cut() -> None:
    reference = np.array([[0.505, 0.495, 0.0], [0.501, 0.499, 0.0]], np.float32)
    coarse = replace(Budget(None, 1.0, None, 65536), output_step=1 / 256)
    assert clear_cut(reference, coarse).tolist() == [True, False]
    assert clear_cut(reference, replace(coarse, output_step=0.0)).tolist() == [True, True]


def test_rounding_excuses_another_prediction_only_where_the_image_is_not_clear_cut() -> None:
    budget = Budget(None, 1.0, None, quantization_levels=256)
    reference = of_logits(WIDE, [7.0, 7.05, 3.0], [7.0, 8.0, 3.0], WIDE)
    labels = reference.argmax(axis=1).astype(np.uint8)
    found = reference.copy()
    found[1] = found[1, [1, 0, 2]]
    run = compare_images(reference, found, labels, budget)
    assert run.failures == ()
    assert (run.top1_agreement, run.clear_cut_agreement, run.not_clear_cut) == (0.75, 1.0, 1)
    found[2] = found[2, [1, 0, 2]]
    run = compare_images(reference, found, labels, budget)
    assert "reference margin is above one quantization step (256 levels), found 66.67%" in run.failures[0]
    assert compare_images(reference, found, labels, Budget(None, 1.0, None)).failures


def test_a_large_drift_excuses_nothing() -> None:
    found = np.roll(REFERENCE, 1, axis=1)
    assert compared(found, Budget(None, 0.995, None, quantization_levels=256)).failures


def test_where_no_image_is_clear_cut_all_are_counted() -> None:
    reference = np.full((4, 3), 1 / 3, np.float32)
    budget = Budget(None, 1.0, None, quantization_levels=256)
    run = compare_images(reference, reference[:, ::-1], np.zeros(4, np.uint8), budget)
    assert (run.ties, run.not_clear_cut, run.clear_cut_agreement) == (4, 0, 1.0)


def test_swapped_classes_fail_every_budget_that_is_in_use() -> None:
    from export.targets import all_targets

    found = REFERENCE[:, ::-1].copy()
    for target in all_targets():
        assert compared(found, target.budget).failures, target.name


def test_a_constant_model_fails_every_budget_that_is_in_use() -> None:
    from export.targets import all_targets

    found = np.full_like(REFERENCE, 0.1)
    for target in all_targets():
        assert compared(found, target.budget).failures, target.name


def test_the_hardest_hold_the_worst_and_are_spread_over_the_rest() -> None:
    found = REFERENCE.copy()
    worst = [4, 17, 50, 51, 99]
    found[worst, 0] += 0.01
    chosen = hardest(REFERENCE, found, 20)
    assert len(set(chosen)) == 20
    assert set(worst) <= set(chosen)
    assert max(np.diff(chosen)) < 20
    assert list(chosen) == sorted(chosen)
    assert len(hardest(REFERENCE, found, 1000)) == 100


def test_a_further_engine_is_compared_on_its_own_predictions_and_the_first_ones_for_the_rest() -> None:
    evidence = evidence_of(REFERENCE, LABELS)
    first = predictions_of(evidence, REFERENCE)
    chosen = Inputs(np.array([1, 5, 9]), np.array([0]))

    def further(found: Array) -> ComparedRun | IncomparableRun:
        return compare(evidence, predictions_of(evidence, found, chosen), "a runtime", STRICT, first)

    found = REFERENCE[[1, 5, 9]].copy()
    assert further(found).failures == ()
    found[1, 0] += 0.1
    run = further(found)
    assert isinstance(run, ComparedRun)
    assert run.samples == 3
    assert run.max_abs_diff == pytest.approx(0.1, rel=1e-5)
    assert run.worst[0] == 5
    assert run.failures
    found[1, 0] = np.nan
    assert "NaN" in further(found).failures[0]
    assert further(found[:2]).failures


@given(st.integers(0, 99), st.integers(0, 9), st.floats(1.1e-5, 1.0))
def test_one_moved_probability_is_never_missed(image: int, label: int, by: float) -> None:
    found = REFERENCE.astype(np.float64)
    found[image, label] += by
    run = compared(found)
    assert run.failures
    assert run.worst[0] == image
    assert run.max_abs_diff == pytest.approx(by)


def test_drift_is_ranked_by_the_largest_difference() -> None:
    found = REFERENCE.copy()
    found[[2, 8, 30], 1] += np.array([0.1, 0.3, 0.2], np.float32)
    assert list(rank_by_drift(REFERENCE, found)[:3]) == [8, 30, 2]
