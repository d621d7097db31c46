"""The inference model: the same predictions from raw pixels, and nothing in it that only trains."""

import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from export.errors import ModelError
from export.reference.adapt import Adaptation
from export.reference.input_form import find_form
from export.reference.output_kind import OutputKind
from export.reference.pixel_scale import RAW, SCALES
from export.reference.tasks import Task
from train.console.quiet import import_tensorflow

import_tensorflow()
import keras  # noqa: E402  after its start-up messages
from keras import layers  # noqa: E402

PICTURES = np.random.default_rng(0).integers(0, 256, (6, 12, 12, 3)).astype(np.uint8)
END = "softmax"


@pytest.fixture
def policy() -> Iterator[Callable[[str], None]]:
    before = keras.config.dtype_policy()
    yield keras.config.set_dtype_policy
    keras.config.set_dtype_policy(before)


def sequential(*between: keras.Layer, shape: tuple[int, ...] = (12, 12, 3)) -> keras.Model:
    head = [layers.Flatten(), layers.Dense(3, activation=END)]
    return keras.Sequential([keras.Input(shape), layers.Rescaling(1 / 255), *between, *head])


def adaptation_of(model: keras.Model) -> Adaptation:
    return Adaptation(find_form(model, (12, 12, 3), "data"), RAW, OutputKind.SOFTMAX, Task.CLASSES)


def inference_of(model: keras.Model) -> keras.Model:
    return adaptation_of(model).inference_model(model)


def augmented() -> keras.Model:
    augment = keras.Sequential(
        [layers.RandomFlip(), layers.RandomRotation(0.1), layers.RandomZoom(0.1)], name="augment"
    )
    return sequential(
        augment,
        layers.RandomContrast(0.2),
        layers.GaussianNoise(0.2),
        layers.Conv2D(4, 3),
        layers.Dropout(0.5),
    )


def transferred() -> keras.Model:
    """A backbone called with `training=False`, as the transfer learning tutorial does; and one more time."""
    inner = keras.Input((12, 12, 3))
    normalized = layers.BatchNormalization()(layers.Conv2D(4, 3, name="conv")(inner))
    backbone = keras.Model(inner, layers.ReLU(6.0)(normalized), name="backbone")
    given = keras.Input((12, 12, 3))
    scaled = given / 255.0
    both = backbone(scaled, training=False) + backbone(scaled * 0.5 - 0.1)
    pooled = keras.ops.mean(both, axis=(1, 2))
    return keras.Model(given, layers.Dense(3, activation=END, name="conv")(pooled))


def recurrent() -> keras.Model:
    return sequential(layers.Reshape((12, 36)), layers.Bidirectional(layers.LSTM(4)), shape=(12, 12, 3))


def normalized() -> keras.Model:
    normalization = layers.Normalization()
    normalization.adapt(PICTURES / np.float32(255))
    return sequential(normalization, layers.SpectralNormalization(layers.Conv2D(4, 3)))


@pytest.mark.parametrize("build", [augmented, transferred, recurrent, normalized])
def test_predictions_stay_and_what_only_trains_goes(build: Callable[[], keras.Model]) -> None:
    model = build()
    inference = inference_of(model)
    np.testing.assert_allclose(
        inference.predict(PICTURES.astype(np.float32), verbose=0),
        adaptation_of(model).predict(model, PICTURES),
        atol=1e-6,
    )
    kinds = [type(layer).__name__ for layer in inference.layers]
    assert not [kind for kind in kinds if kind.startswith(("Random", "Gaussian", "Dropout", "Spectral"))]
    assert not [layer for layer in inference.layers if isinstance(layer, keras.Model)]


def test_a_shared_backbone_stays_shared() -> None:
    model = transferred()
    assert inference_of(model).count_params() == model.count_params()


def test_loops_are_unrolled() -> None:
    (cell,) = (one for one in inference_of(recurrent()).layers if isinstance(one, layers.Bidirectional))
    assert cell.forward_layer.unroll
    assert cell.backward_layer.unroll


@pytest.mark.parametrize("name", ["mixed_float16", "mixed_bfloat16", "float64"])
def test_any_precision_becomes_float32(name: str, policy: Callable[[str], None]) -> None:
    policy(name)
    model = sequential(layers.Conv2D(4, 3, activation="relu"), layers.BatchNormalization())
    policy("float32")
    inference = inference_of(model)
    assert {str(weight.dtype) for weight in inference.weights} == {"float32"}
    assert {layer.compute_dtype for layer in inference.layers} == {"float32"}
    found = inference.predict(PICTURES.astype(np.float32), verbose=0)
    np.testing.assert_allclose(found, adaptation_of(model).predict(model, PICTURES), atol=2e-2)


def test_names_are_plain_and_none_is_there_twice() -> None:
    names = ["größe", "a b", "日本", "image", "probabilities", "row", "conv:1"]
    model = sequential(*(layers.Conv2D(2, 1, name=name) for name in names))
    found = [layer.name for layer in inference_of(model).layers]
    assert len(set(found)) == len(found)
    assert [name for name in found if not re.fullmatch("[A-Za-z0-9_]+", name)] == []
    assert "a_b" in found


def test_a_fixed_batch_is_open_again() -> None:
    model = sequential()
    fixed = keras.Sequential([keras.Input(batch_shape=(4, 12, 12, 3)), *model.layers])
    inference = inference_of(fixed)
    assert inference.inputs[0].shape == (None, 12, 12, 3)
    expected = adaptation_of(fixed).predict(fixed, PICTURES)  # 6 pictures in batches of 4
    np.testing.assert_allclose(inference.predict(PICTURES, verbose=0), expected, atol=1e-6)


@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale.name)
def test_the_scale_becomes_part_of_the_graph(scale: object) -> None:
    model = keras.Sequential([keras.Input((12, 12, 3)), layers.Flatten(), layers.Dense(3, activation=END)])
    (chosen,) = (one for one in SCALES if one is scale)
    form = find_form(model, (12, 12, 3), "data")
    adaptation = Adaptation(form, chosen, OutputKind.SOFTMAX, Task.CLASSES)
    found = adaptation.inference_model(model).predict(PICTURES.astype(np.float32), verbose=0)
    np.testing.assert_allclose(found, adaptation.predict(model, PICTURES), atol=2e-5)


def test_one_row_of_a_picture_is_taken_and_a_map_of_rows_refused() -> None:
    given = keras.Input((12, 12, 3))
    one = keras.Model(given, layers.Conv2D(3, 12, activation=END)(given))
    assert inference_of(one).outputs[0].shape == (None, 3)
    many = keras.Model(given, layers.Conv2D(3, 3, activation=END)(given))
    with pytest.raises(ModelError, match=r"found \(10, 10, 3\): end the model"):
        inference_of(many)


@keras.saving.register_keras_serializable("tests")
class Doubled(keras.layers.Layer):
    """A layer of the caller's own, without a configuration."""

    def call(self, given: object) -> object:
        return 2 * given  # type: ignore[operator]


def test_layers_of_the_callers_own_are_run_as_they_are() -> None:
    own = Doubled()
    inference = inference_of(sequential(own, layers.Lambda(lambda given: given - 1)))
    assert own in inference.layers
