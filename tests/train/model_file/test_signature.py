"""What counts as an image classifier, judged in one place for every command."""

from collections.abc import Callable
from pathlib import Path

import pytest

from train.console.quiet import import_tensorflow
from train.contract import InputContract
from train.errors import ModelError
from train.model_file.signature import contract_of, find_mismatch

import_tensorflow()
import keras  # noqa: E402  after its start-up messages
from keras import layers  # noqa: E402


def classifier(shape: tuple[int | None, ...] = (28, 28, 1), classes: int = 10) -> keras.Model:
    pooled = layers.GlobalAveragePooling2D() if len(shape) == 3 else layers.Flatten()
    return keras.Sequential([keras.Input(shape), pooled, layers.Dense(classes, activation="softmax")])


def two_inputs() -> keras.Model:
    one, other = keras.Input((28, 28, 1)), keras.Input((28, 28, 1))
    return keras.Model([one, other], layers.Dense(10)(layers.Flatten()(layers.Add()([one, other]))))


def two_outputs() -> keras.Model:
    image = keras.Input((28, 28, 1))
    flat = layers.Flatten()(image)
    return keras.Model(image, [layers.Dense(10)(flat), layers.Dense(10)(flat)])


def an_image_out() -> keras.Model:
    return keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(3, 3)])


@pytest.mark.parametrize(("shape", "classes"), [((28, 28, 1), 10), ((32, 40, 3), 2)])
def test_a_classifier_has_a_contract_of_its_own_size(shape: tuple[int, int, int], classes: int) -> None:
    model = classifier(shape, classes)
    contract = InputContract.scaled_to(shape, classes)
    assert find_mismatch(model) is None
    assert find_mismatch(model, contract) is None
    assert contract_of(model, Path("m.h5")) == contract


@pytest.mark.parametrize(
    ("model", "expected", "found"),
    [
        (two_inputs, "one input and one output", "2 and 1"),
        (two_outputs, "one input and one output", "1 and 2"),
        (lambda: classifier((784,)), "an input of fixed (height, width, channels)", "(784,)"),
        (
            lambda: classifier((None, None, 1)),
            "an input of fixed (height, width, channels)",
            "(None, None, 1)",
        ),
        (an_image_out, "an output of (classes,) probabilities", "(26, 26, 3)"),
        (lambda: classifier(classes=1), "an output of (classes,) probabilities", "(1,)"),
    ],
)
def test_anything_else_is_refused_in_one_line(
    model: Callable[[], keras.Model], expected: str, found: str
) -> None:
    with pytest.raises(ModelError) as caught:
        contract_of(model(), Path("m.h5"))
    message = str(caught.value)
    assert message.startswith(f"expected {expected} in m.h5, found {found}: ")
    assert "\n" not in message


@pytest.mark.parametrize(
    ("model", "found", "remedy"),
    [
        (lambda: classifier((14, 14, 1)), "(14, 14, 1)", "keras.Input((28, 28, 1))"),
        (lambda: classifier(classes=11), "(11,)", "Dense(10, activation='softmax')"),
    ],
)
def test_a_classifier_of_other_images_or_classes(
    model: Callable[[], keras.Model], found: str, remedy: str
) -> None:
    assert find_mismatch(model()) is None
    mismatch = find_mismatch(model(), InputContract())
    assert mismatch is not None
    assert mismatch.found == found
    assert remedy in mismatch.remedy
