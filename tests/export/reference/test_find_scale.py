"""The scale that a model was trained on is found from its predictions, or nothing is claimed."""

from pathlib import Path

import numpy as np
import pytest

from export.errors import ModelError
from export.reference.adapt import adapt
from export.reference.output_kind import OutputKind
from export.reference.pixel_scale import SCALES, PixelScale
from tests.export.reference.bars import CLASSES, SIDE, bars, dataset_of
from tests.often import often
from train.console.quiet import import_tensorflow
from train.data.label_kind import LabelKind
from train.data.splits import Dataset

import_tensorflow()
import keras  # noqa: E402  after its start-up messages
from keras import layers  # noqa: E402

PICTURES, LABELS = bars(900)
DATASET = dataset_of(PICTURES, LABELS)


def linear() -> list[keras.Layer]:
    return [layers.Flatten(), layers.Dense(CLASSES, activation="softmax")]


def convolutional() -> list[keras.Layer]:
    return [layers.Conv2D(8, 3, activation="relu"), layers.MaxPooling2D(), *linear()]


def sigmoids() -> list[keras.Layer]:
    return [layers.Flatten(), layers.Dense(32, activation="sigmoid"), *linear()]


def trained(body: list[keras.Layer], scale: PixelScale, epochs: int = 20) -> keras.Model:
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((SIDE, SIDE, 1)), *body])
    model.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy")
    model.fit(scale.apply(PICTURES), LABELS, epochs=epochs, verbose=0)
    return model


@pytest.mark.integration
@pytest.mark.parametrize("scale", SCALES[:3], ids=lambda scale: scale.name)
@pytest.mark.parametrize("body", often([linear, convolutional, sigmoids], lambda body: body is linear))
def test_the_scale_of_the_training_is_found(body: object, scale: PixelScale) -> None:
    assert callable(body)
    assert adapt(trained(body(), scale), DATASET, "auto").scale == scale


def test_an_untrained_model_is_right_at_no_scale() -> None:
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((SIDE, SIDE, 1)), *convolutional()])
    with pytest.raises(
        ModelError, match=r"% at 0\.\.255, .*% at 0\.\.1, .*% at -1\.\.1: name .* with --scale"
    ):
        adapt(model, DATASET, "auto")
    assert adapt(model, DATASET, "-1..1").scale.name == "-1..1"


@pytest.mark.parametrize(
    "first", [layers.Rescaling(1 / 255), layers.Normalization(mean=[33.3], variance=[6000.0])]
)
def test_an_untrained_model_that_scales_itself_takes_grey_levels(first: keras.Layer) -> None:
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((SIDE, SIDE, 1)), first, *convolutional()])
    assert adapt(model, DATASET, "auto").scale.name == "0..255"


def test_a_model_to_which_all_scales_are_the_same_takes_grey_levels() -> None:
    model = keras.Sequential([keras.Input((SIDE, SIDE, 1)), layers.Flatten(), layers.Dense(CLASSES)])
    model.layers[-1].kernel.assign(np.zeros((SIDE * SIDE, CLASSES)))
    assert adapt(model, DATASET, "auto").scale.name == "0..255"


@pytest.fixture(scope="module")
def digits(mnist_npz: Path) -> Dataset:
    """Digits: at another scale than in training, networks still read most of them, but not all."""
    with np.load(mnist_npz) as arrays:
        return dataset_of(arrays["x_train"][:9000, ..., None], arrays["y_train"][:9000])


@pytest.mark.mnist
@pytest.mark.integration
@pytest.mark.parametrize("name", often(["33.3/78.6", "33.3/1", "255/-255"], lambda name: name == "33.3/78.6"))
def test_another_treatment_of_pixels_is_found_and_its_remedy_works(digits: Dataset, name: str) -> None:
    scale = PixelScale.named(name)
    assert scale is not None
    keras.utils.set_random_seed(0)
    body = [layers.Conv2D(8, 3, activation="relu"), layers.MaxPooling2D(4), layers.Flatten()]
    model = keras.Sequential([keras.Input((28, 28, 1)), *body, layers.Dense(10, activation="softmax")])
    model.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy")
    model.fit(scale.apply(digits.train.images), digits.train.labels, epochs=4, verbose=0)
    with pytest.raises(ModelError, match="explains its training pictures better") as caught:
        adapt(model, digits, "auto")
    named = str(caught.value).partition("--scale ")[2].partition(",")[0]
    found = adapt(model, digits, named).predict(model, digits.test.images)
    expected = model.predict(scale.apply(digits.test.images), verbose=0)
    assert (found.argmax(axis=1) == expected.argmax(axis=1)).mean() > 0.99


@pytest.mark.integration
def test_smoothed_labels_are_no_other_treatment() -> None:
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((SIDE, SIDE, 1)), *convolutional()])
    model.compile(keras.optimizers.Adam(3e-3), keras.losses.CategoricalCrossentropy(label_smoothing=0.1))
    model.fit(PICTURES / 255, np.eye(CLASSES)[LABELS], epochs=20, verbose=0)
    assert adapt(model, DATASET, "auto").scale.name == "0..1"


@pytest.mark.parametrize("scale", ["nonsense", "1/0", "x" * 300])
def test_an_unknown_scale_is_refused(scale: str) -> None:
    model = keras.Sequential([keras.Input((SIDE, SIDE, 1)), *linear()])
    with pytest.raises(ModelError, match=r"^expected a scale, found .*: name one of 0\.\.255, .* as in 33"):
        adapt(model, DATASET, scale)


def saturating(**about: object) -> tuple[keras.Model, Dataset]:
    """A model of one sigmoid, trained on -1..1: for all grey levels as they are it gives 1."""
    labels = (np.arange(600) % 2).astype(np.uint8)
    pictures = np.where(labels, 200, 100).astype(np.uint8)[:, None, None, None]
    model = keras.Sequential([keras.Input((SIDE, SIDE, 1)), layers.Flatten(), layers.Dense(1, "sigmoid")])
    model.layers[-1].set_weights([np.full((SIDE * SIDE, 1), 20 / SIDE**2), np.array([-3.5])])
    return model, dataset_of(np.tile(pictures, (1, SIDE, SIDE, 1)), labels, **about)


@pytest.mark.parametrize("asked", ["auto", "-1..1"])
def test_a_sigmoid_that_grey_levels_saturate_is_one(asked: str) -> None:
    found = adapt(*saturating(), asked)
    assert (found.scale.name, found.kind) == ("-1..1", OutputKind.SIGMOID)


def test_a_sigmoid_is_one_without_labels_too() -> None:
    assert adapt(*saturating(labels_are=LabelKind.NONE), "auto").kind is OutputKind.SIGMOID


def test_outputs_at_a_scale_that_overflows_say_nothing() -> None:
    model = keras.Sequential([keras.Input((SIDE, SIDE, 1)), layers.Flatten()])
    model.add(layers.Dense(8, activation="exponential"))  # infinite for grey levels as they are
    model.add(layers.Dense(CLASSES, activation="softmax"))
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(PICTURES / 255, LABELS, epochs=20, verbose=0)
    found = adapt(model, DATASET, "auto")
    assert (found.scale.name, found.kind) == ("0..1", OutputKind.SOFTMAX)


def test_grey_pictures_have_no_scale_of_three_colours() -> None:
    model = keras.Sequential([keras.Input((SIDE, SIDE, 1)), *linear()])
    with pytest.raises(ModelError, match=r"3 channels for --scale imagenet-torch, found 1: name .* 0\.\.1"):
        adapt(model, DATASET, "imagenet-torch")
