"""How models take pictures: the forms of courses, and what is no form of the data's pictures."""

import numpy as np
import pytest

from export.errors import ModelError
from export.reference.input_form import find_form, wanted_picture
from train.console.quiet import import_tensorflow

import_tensorflow()
import keras  # noqa: E402  after its start-up messages


def model_of(*shape: int | None) -> keras.Model:
    given = keras.Input(shape)
    return keras.Model(given, keras.layers.Activation("linear")(given))


@pytest.mark.parametrize(
    ("taken", "wanted"),
    [
        ((28, 28, 1), (28, 28, 1)),
        ((96, 96, 3), (96, 96, 3)),
        ((28, 28), (28, 28, 1)),
        ((784,), (28, 28, 1)),
        ((3072,), (32, 32, 3)),
        ((784, 1), (28, 28, 1)),
        ((3, 32, 48), (32, 48, 3)),
        ((None, None, 3), (None, None, 3)),
        ((101,), (None, None, None)),
    ],
)
def test_the_input_tells_what_pictures_it_is_for(
    taken: tuple[int | None, ...], wanted: tuple[int | None, ...]
) -> None:
    assert wanted_picture(model_of(*taken)) == wanted


@pytest.mark.parametrize(
    ("picture", "taken"),
    [
        ((6, 5, 1), (6, 5, 1)),
        ((6, 5, 1), (6, 5)),
        ((6, 5, 1), (30,)),
        ((6, 5, 1), (None, None, 1)),
        ((6, 5, 1), (None, 5)),
        ((6, 5, 3), (3, 6, 5)),
        ((6, 5, 3), (6, 15)),
        ((6, 5, 3), (90,)),
        ((6, 5, 1), (30, 1)),
    ],
)
def test_a_picture_is_arranged_alike_in_numpy_and_in_the_graph(
    picture: tuple[int, int, int], taken: tuple[int | None, ...]
) -> None:
    form = find_form(model_of(*taken), picture, "data.npz")
    pictures = np.random.default_rng(0).integers(0, 256, (4, *picture)).astype(np.float32)
    given = keras.Input(picture)
    graph = keras.Model(given, keras.layers.Activation("linear")(form.arrange_in_graph(given)))
    arranged = form.arrange(pictures)
    assert all(side in (None, found) for side, found in zip(taken, arranged.shape[1:], strict=True))
    np.testing.assert_array_equal(arranged, graph.predict(pictures, verbose=0))


def test_channels_first_is_no_mere_reshape() -> None:
    form = find_form(model_of(3, 6, 5), (6, 5, 3), "data.npz")
    pictures = np.random.default_rng(0).integers(0, 256, (4, 6, 5, 3))
    np.testing.assert_array_equal(form.arrange(pictures)[:, 2], pictures[..., 2])


@pytest.mark.parametrize("taken", [(28, 28, 3), (32, 32, 1), (783,), (1, 28, 29)])
def test_a_model_for_other_pictures_is_refused(taken: tuple[int, ...]) -> None:
    with pytest.raises(ModelError, match=r"expected a model for pictures of shape .*name its own dataset"):
        find_form(model_of(*taken), (28, 28, 1), "data.npz")
