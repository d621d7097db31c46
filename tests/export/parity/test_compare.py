"""Every gate of the comparison can fail, and only for its own reason."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.parity.compare import compare, compare_some, hardest, not_clear_cut, rank_by_drift
from export.results import IncomparableRun, Run
from export.target import Budget
from export.types import Probabilities

STRICT = Budget(max_abs_diff=1e-5, min_top1_agreement=1.0, max_accuracy_drop=0.0)
LOOSE = Budget(max_abs_diff=None, min_top1_agreement=0.0, max_accuracy_drop=None)


def answers(n: int = 100, classes: int = 10, seed: int = 0) -> Probabilities:
    logits = np.random.default_rng(seed).normal(size=(n, classes)) * 4
    e = np.exp(logits)
    return (e / e.sum(axis=1, keepdims=True)).astype(np.float32)


REFERENCE = answers()
LABELS = REFERENCE.argmax(axis=1).astype(np.uint8)


def judge(found: Probabilities, budget: Budget = STRICT, labels: np.ndarray = LABELS) -> Run:
    return compare(REFERENCE, found, labels, "a runtime", budget)


def test_the_same_answers_pass() -> None:
    run = judge(REFERENCE.copy())
    assert run.failures == ()
    assert (run.max_abs_diff, run.mean_abs_diff, run.top1_agreement, run.accuracy) == (0, 0, 1, 1)
    assert run.samples == len(REFERENCE)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_an_answer_that_is_no_number_fails_before_anything_is_compared(value: float) -> None:
    found = REFERENCE.copy()
    found[7, 3] = value
    run = judge(found, LOOSE)
    assert "NaN or infinity for 1 images" in run.failures[0]
    assert isinstance(run, IncomparableRun)


@pytest.mark.parametrize("found", [REFERENCE[:-1], REFERENCE[:, :-1], REFERENCE.ravel(), REFERENCE[None]])
def test_another_shape_fails(found: Probabilities) -> None:
    assert "expected answers of shape (100, 10)" in judge(found, LOOSE).failures[0]


def test_whole_numbers_fail() -> None:
    found = (REFERENCE * 255).astype(np.uint8)
    assert "found uint8" in judge(found, LOOSE).failures[0]


def test_a_difference_past_the_budget_fails() -> None:
    found = REFERENCE.copy()
    found[5, 2] += 2e-5
    run = judge(found)
    assert len(run.failures) == 1
    assert "differences of at most 1e-05" in run.failures[0]
    assert run.worst[0] == 5


def test_a_changed_answer_fails_by_agreement() -> None:
    found = REFERENCE.copy()
    found[3] = np.roll(found[3], 1)
    run = judge(found, Budget(None, 1.0, None))
    assert run.top1_agreement == pytest.approx(0.99)
    assert "the same answer for at least 100.00%" in run.failures[0]


def test_a_loss_of_accuracy_fails_and_a_gain_does_not() -> None:
    budget = Budget(None, 0.0, 0.005)
    found = REFERENCE.copy()
    found[3] = np.roll(found[3], 1)
    assert "below the original's" in judge(found, budget).failures[0]
    wrong_before = LABELS.copy()
    wrong_before[3] = found[3].argmax()
    assert judge(found, budget, wrong_before).failures == ()


def test_a_loss_of_exactly_the_budget_passes() -> None:
    # 0.982 - 0.98 is 0.0020000000000000018: the loss must be counted, not subtracted.
    reference = np.tile(np.array([[0.9, 0.1]], np.float32), (500, 1))
    labels = np.zeros(500, np.uint8)
    labels[:9] = 1
    found = reference.copy()
    found[-1] = [0.1, 0.9]
    assert compare(reference, found, labels, "", Budget(None, 0.0, 0.002)).failures == ()


def test_a_tie_of_the_original_may_fall_either_way_and_is_named() -> None:
    reference = np.array([[0.4, 0.4, 0.2], [0.1, 0.8, 0.1]], np.float32)
    found = reference + np.array([[0, 1e-6, 0], [0, 0, 0]], np.float32)
    run = compare(reference, found, np.array([0, 1], np.uint8), "", Budget(1e-5, 1.0, None))
    assert run.failures == ()
    assert run.ties == 1
    away = compare(reference, np.roll(reference, 1, axis=1), np.array([0, 1], np.uint8), "", LOOSE)
    assert away.top1_agreement == 0.5  # the tie's second class still counts, the other image doesn't


def of_logits(*rows: list[float]) -> Probabilities:
    e = np.exp(np.array(rows, np.float64))
    return (e / e.sum(axis=1, keepdims=True)).astype(np.float32)


# Logits from 0 to 25.5 make steps of 0.1 with 256 levels.
WIDE = [25.5, 0.0, 10.0]


@pytest.mark.parametrize(("gap", "within"), [(0.0, True), (0.09, True), (0.11, False), (5.0, False)])
def test_undecided_is_what_lies_within_one_step_of_the_logits_range(gap: float, within: bool) -> None:
    reference = of_logits(WIDE, [7.0, 7.0 + gap, 3.0])
    assert not_clear_cut(reference, 256).tolist() == [False, within]
    assert not_clear_cut(reference, 65536).tolist() == [False, gap == 0]
    assert not not_clear_cut(reference, None).any()


def test_rounding_excuses_another_answer_only_where_the_original_is_undecided() -> None:
    budget = Budget(None, 1.0, None, quantization_levels=256)
    reference = of_logits(WIDE, [7.0, 7.05, 3.0], [7.0, 8.0, 3.0], WIDE)
    labels = reference.argmax(axis=1).astype(np.uint8)
    found = reference.copy()
    found[1] = found[1, [1, 0, 2]]
    run = compare(reference, found, labels, "", budget)
    assert run.failures == ()
    assert (run.top1_agreement, run.clear_cut_agreement, run.not_clear_cut) == (0.75, 1.0, 1)
    found[2] = found[2, [1, 0, 2]]
    run = compare(reference, found, labels, "", budget)
    assert "more than a step of 256 levels, found 66.67%" in run.failures[0]
    assert compare(reference, found, labels, "", Budget(None, 1.0, None)).failures


def test_a_copy_that_is_far_off_does_not_excuse_itself() -> None:
    found = np.roll(REFERENCE, 1, axis=1)
    assert judge(found, Budget(None, 0.995, None, quantization_levels=256)).failures


def test_an_original_that_decides_nothing_is_held_to_all_its_answers() -> None:
    reference = np.full((4, 3), 1 / 3, np.float32)
    budget = Budget(None, 1.0, None, quantization_levels=256)
    run = compare(reference, reference[:, ::-1], np.zeros(4, np.uint8), "", budget)
    assert (run.ties, run.not_clear_cut, run.clear_cut_agreement) == (4, 0, 1.0)


def test_swapped_classes_fail_every_budget_that_is_in_use() -> None:
    from export.targets import all_targets

    found = REFERENCE[:, ::-1].copy()
    for target in all_targets():
        assert judge(found, target.budget).failures, target.name


def test_a_constant_model_fails_every_budget_that_is_in_use() -> None:
    from export.targets import all_targets

    found = np.full_like(REFERENCE, 0.1)
    for target in all_targets():
        assert judge(found, target.budget).failures, target.name


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


def test_a_second_engine_is_judged_on_its_own_answers_over_all_images() -> None:
    chosen = np.array([1, 5, 9])
    found = REFERENCE[chosen].copy()
    assert compare_some(REFERENCE, REFERENCE, chosen, found, LABELS, "", STRICT).failures == ()
    found[1, 0] += 0.1
    run = compare_some(REFERENCE, REFERENCE, chosen, found, LABELS, "", STRICT)
    assert run.samples == 3
    assert run.max_abs_diff == pytest.approx(0.1, rel=1e-5)
    assert run.failures
    found[1, 0] = np.nan
    assert "NaN" in compare_some(REFERENCE, REFERENCE, chosen, found, LABELS, "", STRICT).failures[0]
    assert compare_some(REFERENCE, REFERENCE, chosen, found[:2], LABELS, "", STRICT).failures


@given(st.integers(0, 99), st.integers(0, 9), st.floats(1.1e-5, 1.0))
def test_one_moved_probability_is_never_missed(image: int, label: int, by: float) -> None:
    found = REFERENCE.astype(np.float64)
    found[image, label] += by
    run = judge(found)  # type: ignore[arg-type]
    assert run.failures
    assert run.worst[0] == image
    assert run.max_abs_diff == pytest.approx(by)


def test_drift_is_ranked_by_the_largest_difference() -> None:
    found = REFERENCE.copy()
    found[[2, 8, 30], 1] += np.array([0.1, 0.3, 0.2], np.float32)
    assert list(rank_by_drift(REFERENCE, found)[:3]) == [8, 30, 2]
