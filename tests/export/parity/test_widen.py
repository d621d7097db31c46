"""Budgets grow with the reference model's own rounding, and only where that exceeds them."""

import numpy as np
import pytest

from export.parity.evidence import Evidence
from export.parity.widen import SAFETY_OF_NOISE, widen
from export.reference.adapt import Adaptation
from export.reference.input_form import find_form
from export.reference.output_kind import OutputKind
from export.reference.pixel_scale import RAW
from export.reference.rounding import Rounding, measure_rounding
from export.reference.tasks import Task
from export.targets import _budgets
from train.console.quiet import import_tensorflow

import_tensorflow()
import keras  # noqa: E402  after its start-up messages
from keras import layers  # noqa: E402

PICTURES = np.random.default_rng(0).integers(0, 256, (20, 8, 8, 1)).astype(np.uint8)


def rounding_of(largest_logit: float, dtype: str = "float32") -> Rounding:
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Flatten(dtype=dtype),
            layers.Dense(16, activation="relu", dtype=dtype),
            layers.Dense(3, dtype=dtype),
            layers.Softmax(dtype="float32"),
        ]
    )
    without_softmax = keras.Model(model.inputs, model.layers[-2].output)
    largest = np.abs(without_softmax.predict(PICTURES, verbose=0)).max()
    kernel = model.layers[-2].kernel
    kernel.assign(np.asarray(kernel) * largest_logit / largest)
    form = find_form(model, (8, 8, 1), "data")
    adaptation = Adaptation(form, RAW, OutputKind.SOFTMAX, Task.CLASSES)
    return measure_rounding(adaptation, model, PICTURES[:10], PICTURES[10:])


def evidence_of(rounding: Rounding, task: Task = Task.CLASSES) -> Evidence:
    reference = np.array([[0.0, 1.0], [1.0, 0.0]], np.float32)
    return Evidence(PICTURES[:2], np.array([1, 0]), reference, PICTURES, reference, task, lambda: rounding)


def test_a_model_of_ordinary_logits_keeps_its_budget() -> None:
    evidence = evidence_of(rounding_of(10))
    wider = widen(_budgets.FLOAT32, evidence)
    assert wider.max_logit_diff == _budgets.FLOAT32.max_logit_diff
    assert wider.max_abs_diff == _budgets.FLOAT32.max_abs_diff
    assert widen(_budgets.FLOAT16, evidence).max_logit_diff == _budgets.FLOAT16.max_logit_diff


def test_what_normalizing_a_full_picture_magnifies_counts_as_rounding() -> None:
    """LiteRT's sums of 784 equal values moved such a model's logits by 0.003, Keras's by 6e-6."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.GroupNormalization(1),
            layers.MaxPooling2D(4),
            layers.SeparableConv2D(8, 3),
            layers.LayerNormalization(),
            layers.GlobalMaxPooling2D(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    adaptation = Adaptation(find_form(model, (28, 28, 1), "data"), RAW, OutputKind.SOFTMAX, Task.CLASSES)
    noise = np.random.default_rng(0).integers(0, 256, (4, 28, 28, 1)).astype(np.uint8)
    rounding = measure_rounding(adaptation, model, noise[:2], noise[2:])
    assert 3e-4 < rounding.logit < 0.1
    assert rounding.likely < 1e-5


def test_logits_in_the_thousands_may_be_off_by_more() -> None:
    rounding = rounding_of(5000)
    assert rounding.logit_range > 100  # float32's probabilities end at 87
    wider = widen(_budgets.FLOAT32, evidence_of(rounding))
    assert wider.max_logit_diff is not None
    assert 1e-3 < wider.max_logit_diff < 0.1
    assert 0 < wider.noise <= wider.max_logit_diff


def test_half_precision_is_only_so_exact_itself() -> None:
    coarse, fine = rounding_of(10, "mixed_float16"), rounding_of(10)
    assert 100 * fine.logit < coarse.logit < 0.5


def test_quantization_moves_logits_more_where_activations_are_rounded_too() -> None:
    rounding = rounding_of(10)
    assert rounding.of_weights
    assert rounding.of_activations
    assert 0 < rounding.of_weights.logit < rounding.of_activations.logit < 1
    evidence = evidence_of(rounding)
    assert widen(_budgets.INT16X8, evidence).noise == SAFETY_OF_NOISE * rounding.of_weights.logit
    assert widen(_budgets.EIGHT_BIT, evidence).noise == SAFETY_OF_NOISE * rounding.of_activations.logit


def test_values_are_off_by_a_fraction_of_their_range() -> None:
    rounding = Rounding(logit=1e-3, likely=1e-3)
    wider = widen(_budgets.FLOAT32, evidence_of(rounding, Task.VALUES))
    assert wider.max_abs_diff == pytest.approx(8e-3)


class OwnLayer(layers.Layer):
    """A caller's own, which is used as it is, not copied."""

    def build(self, shape: tuple[int | None, ...]) -> None:
        self.kernel = self.add_weight(shape=(shape[-1], 3), initializer="glorot_uniform")

    def call(self, given: keras.KerasTensor) -> keras.KerasTensor:
        return keras.ops.matmul(given, self.kernel)


def test_simulated_quantization_leaves_a_callers_own_layer_as_it_is() -> None:
    model = keras.Sequential(
        [keras.Input((8, 8, 1)), layers.Flatten(), OwnLayer(), layers.Softmax(dtype="float32")]
    )
    kernel = np.array(model.layers[1].kernel)
    adaptation = Adaptation(find_form(model, (8, 8, 1), "data"), RAW, OutputKind.SOFTMAX, Task.CLASSES)
    rounding = measure_rounding(adaptation, model, PICTURES[:10], PICTURES[10:])
    assert rounding.of_weights
    assert rounding.of_weights.logit > 0
    np.testing.assert_array_equal(model.layers[1].kernel, kernel)
