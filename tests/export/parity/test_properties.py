"""Properties of the comparison: what passes is within its budget, and nothing else passes."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from export.parity.compare import clear_cut
from export.parity.results import ComparedRun
from export.target import Budget
from tests.export.comparing import Array, compare_any, compare_images

EXACT = Budget(1e-5, 1.0, 0.0, max_logit_diff=1e-3)
ROUNDED = Budget(None, 0.995, 0.002, quantization_levels=256)
BUDGETS = {"exact": EXACT, "rounded": ROUNDED}
SHAPE = (12, 4)

probabilities = arrays(np.float32, SHAPE, elements=st.floats(2**-7, 1, width=32)).map(
    lambda a: (a / a.sum(axis=1, keepdims=True)).astype(np.float32)
)


@given(probabilities, st.sampled_from([EXACT, ROUNDED]))
def test_the_reference_model_itself_passes(reference: Array, budget: Budget) -> None:
    labels = reference.argmax(axis=1).astype(np.uint8)
    assert compare_images(reference, reference.copy(), labels, budget).failures == ()


@pytest.mark.parametrize("name", BUDGETS)
def test_what_passes_is_within_its_budget_and_nothing_else_passes(name: str) -> None:
    budget, verdicts = BUDGETS[name], Counter[bool]()

    @given(
        probabilities,
        arrays(np.float64, SHAPE, elements=st.floats(-1, 1)),
        st.sampled_from([0, 1e-6, 1e-5, 2e-5, 1e-3]),
        st.integers(-3, SHAPE[0] - 1),
        st.integers(-SHAPE[0], SHAPE[0] - 1),
    )
    @settings(max_examples=200)
    def check(reference: Array, drift: Array, by: float, swapped: int, mislabelled: int) -> None:
        found = (reference * np.exp(by * drift)).astype(np.float32)
        labels = reference.argmax(axis=1).astype(np.uint8)
        if swapped >= 0:
            several = slice(swapped, swapped + 4)  # of few images, one may always differ
            found[several] = found[several, ::-1]
        if mislabelled >= 0:
            labels[mislabelled] = found[mislabelled].argmax()
        run = compare_images(reference, found, labels, budget)
        assert bool(run.failures) == is_past(budget, reference, found, labels)
        assert run.ties == sum(list(row).count(row.max()) > 1 for row in reference)
        verdicts[not run.failures] += 1

    check()
    assert min(verdicts[True], verdicts[False]) > 20


def is_past(budget: Budget, reference: Array, found: Array, labels: Array) -> bool:
    """Each condition of the budget written out anew, image by image."""
    agree, drop, unclear = [], 0, 0
    counted = clear_cut(reference, budget)
    for given_, expected, label, counts in zip(found, reference, labels, counted, strict=True):
        drop += int(expected.argmax() == label) - int(given_.argmax() == label)
        same = expected[given_.argmax()] == expected.max()
        if counts or not counted.any():
            agree.append(same)
        else:
            unclear += not same  # rounding may change it, for the worse
    exact = np.abs(found.astype(float) - reference).max(), np.abs(np.log(found / reference)).max()
    assert budget.max_accuracy_drop is not None
    one = budget.min_top1_agreement < 1  # which may always differ
    return bool(
        (budget.max_abs_diff is not None and exact[0] > budget.max_abs_diff)
        or (budget.max_logit_diff is not None and exact[1] > budget.max_logit_diff)
        or len(agree) - sum(agree) > max((1 - budget.min_top1_agreement) * len(agree), one)
        or drop > max(budget.max_accuracy_drop * len(labels), 1) + unclear
    )


@given(probabilities, st.integers(2, 2**16))
def test_more_quantization_levels_make_no_image_less_clear_cut(reference: Array, levels: int) -> None:
    fewer, more = (clear_cut(reference, Budget(None, 1.0, None, count)) for count in (levels, levels + 1))
    assert not (fewer & ~more).any()


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(arrays(st.sampled_from(["f4", "f8", "i4", "u1", "?", "c8"]), array_shapes(max_dims=3, max_side=13)))
def test_predictions_of_any_kind_and_shape_are_compared_or_fail(found: Array) -> None:
    reference = np.full(SHAPE, 0.25, np.float32)
    run = compare_any(reference, found, np.zeros(SHAPE[0], np.uint8), EXACT)
    fits = found.shape == reference.shape and found.dtype.kind == "f" and bool(np.isfinite(found).all())
    assert isinstance(run, ComparedRun) == fits
    assert fits or run.failures
