"""Probes: what they are, and that each of their gates can fail."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.parity.compare import compare, logit_difference
from export.parity.evidence import Evidence
from export.parity.predictions import Predictions
from export.parity.probes import probe_images
from export.parity.prove import prove
from export.parity.results import ComparedRun, Probing
from export.target import Budget, Engine
from export.targets import all_targets
from export.types import Images, Probabilities
from tests.export.comparing import Array, compare_images

SHAPE = (6, 5, 1)
FLOAT = Budget(1e-5, 1.0, None, max_logit_diff=1e-3)
ROUNDED = Budget(None, 0.995, 0.002, quantization_levels=256)


def reference_model(images: Images) -> Probabilities:
    """A linear classifier, so that every pixel counts."""
    weights = np.random.default_rng(3).normal(size=(images[0].size, 4)) / 200
    logits = images.reshape(len(images), -1).astype(np.float64) @ weights
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True), np.float32)


IMAGES = np.random.default_rng(5).integers(0, 100, (50, *SHAPE)).astype(np.uint8)
PROBES = probe_images(SHAPE)
EVIDENCE = Evidence(
    IMAGES,
    reference_model(IMAGES).argmax(axis=1).astype(np.uint8),
    reference_model(IMAGES),
    PROBES,
    reference_model(PROBES),
)


def compared(
    found: Probabilities, budget: Budget = FLOAT, alone: Probabilities = EVIDENCE.reference[:1]
) -> ComparedRun:
    """Of predictions that are the reference model's for the test images."""
    predictions = Predictions(EVIDENCE.reference, found, alone)
    run = compare(EVIDENCE, predictions, "a runtime", budget)
    assert isinstance(run, ComparedRun)
    return run


def probed(found: Probabilities, budget: Budget = FLOAT) -> Probing:
    """What the probes show of them."""
    probing = compared(found, budget).probing
    assert probing is not None
    return probing


def test_they_hold_blank_full_checkered_and_each_single_pixel() -> None:
    flat = PROBES.reshape(len(PROBES), -1)
    assert not flat[0].any()
    assert (flat[1] == 255).all()
    board = PROBES[2, ..., 0].astype(int)
    assert (np.abs(np.diff(board, axis=0)) == 255).all()
    assert (np.abs(np.diff(board, axis=1)) == 255).all()
    assert (flat[2] + flat[3] == 255).all()
    single = flat[(flat > 0).sum(axis=1) == 1]
    assert {int(row.argmax()) for row in single} == set(range(30))
    assert (single.max(axis=1) == 255).all()


def test_in_large_pictures_as_many_pixels_are_lit_as_in_a_small_one_a_few_far_apart_at_once() -> None:
    shape = (96, 64, 3)
    flat = probe_images(shape).reshape(-1, 96 * 64 * 3)
    few = flat[((flat > 0).sum(axis=1) <= 4) & flat.any(axis=1)]
    assert len(few) == 196
    rows, columns, channels = np.unravel_index(np.nonzero(few)[1], shape)
    assert len(set(zip(rows, columns, channels, strict=True))) == 784
    assert set(channels) == {0, 1, 2}
    assert (np.diff(rows.reshape(-1, 4), axis=1) >= 23).all()
    assert {0, 95} <= set(rows)
    assert {0, 63} <= set(columns)


@pytest.mark.parametrize("shape", [(28, 28, 1), (96, 96, 3), (1, 1, 1)])
def test_they_are_few_and_the_same_each_time(shape: tuple[int, int, int]) -> None:
    probes = probe_images(shape)
    assert probes.shape[1:] == shape
    assert probes.dtype == np.uint8
    assert len(probes) <= 1000
    np.testing.assert_array_equal(probes, probe_images(shape))


@pytest.mark.parametrize("budget", [FLOAT, ROUNDED])
def test_equal_predictions_pass(budget: Budget) -> None:
    assert compared(EVIDENCE.probe_reference.copy(), budget).failures == ()
    probing = probed(EVIDENCE.probe_reference.copy(), budget)
    assert (probing.samples, probing.max_logit_diff, probing.batch_diff) == (len(PROBES), 0, 0)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_fails(value: float) -> None:
    found = EVIDENCE.probe_reference.copy()
    found[3, 1] = value
    run = compared(found, ROUNDED)
    assert "probes: expected finite probabilities" in run.failures[0]
    assert run.probing is None


@pytest.mark.parametrize("cut", [np.s_[:-1], np.s_[:, :-1], np.s_[:0]])
def test_another_shape_fails(cut: slice) -> None:
    assert (
        "probes: expected predictions of shape"
        in compared(EVIDENCE.probe_reference[cut], ROUNDED).failures[0]
    )


def test_another_type_fails() -> None:
    assert "found uint8" in compared((EVIDENCE.probe_reference * 255).astype(np.uint8)).failures[0]


@pytest.mark.parametrize("budget", [FLOAT, ROUNDED])
@pytest.mark.parametrize(
    "spoil", [lambda p: p[:, ::-1].copy(), lambda p: np.full_like(p, 0.25), lambda p: np.roll(p, 1, axis=0)]
)
def test_swapped_classes_a_constant_and_shifted_rows_fail(
    spoil: Callable[[Probabilities], Probabilities], budget: Budget
) -> None:
    assert compared(spoil(EVIDENCE.probe_reference), budget).failures


@given(st.integers(0, len(PROBES) - 1), st.integers(0, 3), st.floats(2e-3, 5.0), st.sampled_from([-1, 1]))
def test_a_moved_logit_is_never_missed(probe: int, label: int, by: float, sign: int) -> None:
    found: Array = EVIDENCE.probe_reference.astype(np.float64)
    found[probe, label] *= np.exp(sign * by)
    assert "logits of the probes" in compared(found).failures[0]
    assert probed(found).max_logit_diff == pytest.approx(by)


def test_logits_show_what_softmax_hides_but_not_what_float32_can_not_hold() -> None:
    confident = np.array([[1.0, 1e-20]], np.float32)
    assert logit_difference(confident, np.array([[1.0, 1e-22]], np.float32)) == pytest.approx(np.log(100))
    assert logit_difference(np.array([[1.0, 1e-40]], np.float32), np.array([[1.0, 0.0]], np.float32)) == 0


def test_a_moved_logit_of_a_test_image_fails_where_the_probability_does_not_show_it() -> None:
    found = EVIDENCE.reference.copy()
    label = int(found[0].argmin())
    small = np.float32(1e-9)
    reference = found.copy()
    reference[0, label], found[0, label] = small, 2 * small
    run = compare_images(reference, found, EVIDENCE.labels, FLOAT)
    assert len(run.failures) == 1
    assert "expected logits within 0.001" in run.failures[0]


def test_a_prediction_that_depends_on_its_neighbours_fails() -> None:
    alone = EVIDENCE.reference[:1] + np.array([[1e-4, -1e-4, 0, 0]], np.float32)
    assert "an image alone as in a batch" in compared(EVIDENCE.probe_reference, ROUNDED, alone).failures[0]


def test_a_model_that_saturates_is_compared_within_the_ink_of_the_dataset() -> None:
    saturating = replace(ROUNDED, saturates=True)
    spoilt = {}
    for name, chosen in {"beyond": EVIDENCE.beyond, "within": ~EVIDENCE.beyond}.items():
        spoilt[name] = EVIDENCE.probe_reference.copy()
        spoilt[name][chosen] = np.roll(spoilt[name][chosen], 1, axis=1)
    assert 60 < EVIDENCE.beyond.sum() < len(PROBES) - 30
    assert compared(spoilt["beyond"], ROUNDED).failures
    assert not compared(spoilt["beyond"], saturating).failures
    assert compared(spoilt["within"], saturating).failures
    spoilt["beyond"][1] = np.nan  # the full picture
    assert compared(spoilt["beyond"], saturating).failures


def test_only_the_calibrated_models_may_saturate() -> None:
    found = {target.name for target in all_targets() if target.budget.saturates}
    assert found == {"tflite-int8", "tflite-integer-only"}


Spoil = Callable[[Images, Probabilities], Probabilities]


def engine(spoil: Spoil = lambda _, predicted: predicted) -> Engine:
    def run(_: Path, images: Images, __: Path) -> Probabilities:
        return spoil(images, reference_model(images))

    return Engine(lambda: "a runtime", run, "none")


def fails_on_full_pictures(images: Images, predicted: Probabilities) -> Probabilities:
    full = (images == 255).all(axis=(1, 2, 3))
    return np.where(full[:, None], np.float32(np.nan), predicted)


def blind_to_a_pixel(images: Images, _: Probabilities) -> Probabilities:
    seen = images.copy()
    seen[:, 2, 3] = 0
    return reference_model(seen)


def dependent(_: Images, predicted: Probabilities) -> Probabilities:
    changed = predicted.copy()
    changed[-1] += np.array([0.01, -0.01, 0, 0], np.float32)  # the one that is run alone
    return changed


@pytest.mark.parametrize("spoil", [fails_on_full_pictures, blind_to_a_pixel, dependent])
@pytest.mark.parametrize("place", [0, 1])
def test_every_engine_of_a_target_is_probed(place: int, spoil: Spoil, tmp_path: Path) -> None:
    blank = np.zeros_like(IMAGES)  # so that only probes show it
    evidence = replace(EVIDENCE, images=blank, reference=reference_model(blank))
    engines = [engine(), engine()]
    target = replace(all_targets()[0], budget=FLOAT, engines=tuple(engines))
    assert prove(target, tmp_path, evidence, tmp_path).failures == ()
    engines[place] = engine(spoil)
    result = prove(replace(target, engines=tuple(engines)), tmp_path, evidence, tmp_path)
    assert not result.passed
    assert result.runs[place].failures
