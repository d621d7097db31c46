"""The architectures: their size, their names, and what goes in and comes out."""

import numpy as np
import pytest

from train.contract import InputContract
from train.model import build_model
from train.quiet import import_tensorflow


@pytest.fixture(autouse=True, scope="module")
def tensorflow():
    import_tensorflow()


def predict(model, images):
    return np.asarray(model(images.astype(np.float32)))


def images(*shape):
    return np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)


def test_cnn_has_26_806_parameters():
    assert build_model("cnn", InputContract()).count_params() == 26_806


def test_mlp_is_784_10_10_10():
    kernels = [w.shape for w in build_model("mlp", InputContract()).trainable_weights if len(w.shape) == 2]
    assert kernels == [(784, 10), (10, 10), (10, 10)]


@pytest.mark.parametrize("name", ["cnn", "mlp"])
def test_inputs_and_outputs_are_named(name):
    model = build_model(name, InputContract())
    assert model.name == name
    assert [tensor.name for tensor in model.inputs] == ["image"]
    assert model.layers[0].name == "image"
    assert model.layers[-1].name == "probabilities"
    assert model.input_shape == (None, 28, 28, 1)
    assert model.output_shape == (None, 10)


@pytest.mark.parametrize("name", ["cnn", "mlp"])
def test_probabilities_come_out(name):
    found = predict(build_model(name, InputContract()), images(5, 28, 28, 1))
    assert found.shape == (5, 10)
    assert (found >= 0).all()
    assert found.sum(axis=1) == pytest.approx(np.ones(5), abs=1e-5)


@pytest.mark.parametrize("name", ["cnn", "mlp"])
def test_grey_levels_are_scaled_within(name):
    """The layers after the scaling see 0..1: no runtime has to know of it."""
    import keras

    model = build_model(name, InputContract())
    inner = keras.Model(model.input, model.get_layer("rescale").output)
    grey = images(3, 28, 28, 1)
    np.testing.assert_allclose(predict(inner, grey), grey / 255, rtol=1e-6)


@pytest.mark.parametrize("name", ["cnn", "mlp"])
def test_other_contract(name):
    contract = InputContract.scaled_to((20, 33, 3), 4)
    model = build_model(name, contract)
    assert model.input_shape == (None, 20, 33, 3)
    assert predict(model, images(2, 20, 33, 3)).shape == (2, 4)


def test_no_flatten_layer():
    """Flatten becomes Shape, StridedSlice and Pack in a graph model; the page has no kernels for them."""
    for name in ("cnn", "mlp"):
        assert not [x for x in build_model(name, InputContract()).layers if type(x).__name__ == "Flatten"]


def test_unknown_name_is_refused():
    with pytest.raises(KeyError):
        build_model("transformer", InputContract())
