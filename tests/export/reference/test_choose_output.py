"""One output is exported: the only one, or the one that is named."""

import pytest

from export.errors import ModelError
from export.reference.choose_output import choose_output
from train.console.quiet import import_tensorflow

import_tensorflow()
import keras  # noqa: E402  after its start-up messages
from keras import layers  # noqa: E402


def of_two() -> keras.Model:
    given = keras.Input((4,))
    return keras.Model(given, [layers.Dense(3, name="kind")(given), layers.Dense(1, name="size")(given)])


def test_the_only_output_needs_no_name() -> None:
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2, name="kind")])
    assert choose_output(model, None) is model
    assert choose_output(model, "kind") is model


def test_of_several_one_is_chosen_by_its_name() -> None:
    assert choose_output(of_two(), "size").outputs[0].shape == (None, 1)


@pytest.mark.parametrize("name", [None, "colour"])
def test_none_is_guessed(name: str | None) -> None:
    with pytest.raises(ModelError, match=r"kind, size.*name one of them with --output"):
        choose_output(of_two(), name)


def test_several_inputs_are_refused() -> None:
    one, other = keras.Input((4,)), keras.Input((4,))
    model = keras.Model([one, other], layers.Add()([one, other]))
    with pytest.raises(ModelError, match="expected a model of one input, a picture, found 2"):
        choose_output(model, None)


def test_a_model_that_was_never_built_is_refused() -> None:
    with pytest.raises(ModelError, match="never built"):
        choose_output(keras.Sequential([layers.Dense(2)]), None)
