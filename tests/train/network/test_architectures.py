"""The architectures: their size, their names, and what goes in and comes out."""

from dataclasses import replace

import numpy as np
import pytest

from tests.train.network.two_networks import TWO_NETWORKS
from train.contract import InputContract
from train.network.architectures import build_model, fit_averages_to_run
from train.settings import ACTIVATIONS, Convolution, Settings, preset

pytestmark = pytest.mark.usefixtures("tensorflow")


def predict(model, images):
    return np.asarray(model(images.astype(np.float32)))


def images(*shape):
    return np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)


def test_cnn_has_18_098_parameters():
    assert build_model(Settings(), InputContract()).count_params() == 18_098


def test_mlp_is_784_10_10_10():
    kernels = [
        w.shape for w in build_model(Settings("mlp"), InputContract()).trainable_weights if len(w.shape) == 2
    ]
    assert kernels == [(784, 10), (10, 10), (10, 10)]


@pytest.mark.parametrize("name", ["cnn", "mlp"])
def test_inputs_and_outputs_are_named(name):
    model = build_model(Settings(name), InputContract())
    assert model.name == name
    assert [tensor.name for tensor in model.inputs] == ["image"]
    assert model.layers[0].name == "image"
    assert model.layers[-1].name == "probabilities"
    assert model.input_shape == (None, 28, 28, 1)
    assert model.output_shape == (None, 10)


@pytest.mark.parametrize("name", ["cnn", "mlp"])
def test_probabilities_come_out(name):
    found = predict(build_model(Settings(name), InputContract()), images(5, 28, 28, 1))
    assert found.shape == (5, 10)
    assert (found >= 0).all()
    assert found.sum(axis=1) == pytest.approx(np.ones(5), abs=1e-5)


@pytest.mark.parametrize("name", ["cnn", "mlp"])
def test_grey_levels_are_scaled_within(name):
    """The layers after the scaling see 0..1: no runtime has to know of it."""
    import keras

    model = build_model(Settings(name), InputContract())
    inner = keras.Model(model.input, model.get_layer("rescale").output)
    grey = images(3, 28, 28, 1)
    np.testing.assert_allclose(predict(inner, grey), grey / 256, rtol=1e-6)


@pytest.mark.parametrize("name", ["cnn", "mlp"])
def test_other_contract(name):
    contract = InputContract.scaled_to((20, 33, 3), 4)
    model = build_model(Settings(name), contract)
    assert model.input_shape == (None, 20, 33, 3)
    assert predict(model, images(2, 20, 33, 3)).shape == (2, 4)


def test_no_flatten_layer():
    """Flatten becomes Shape, StridedSlice and Pack in a graph model; the page has no kernels for them."""
    for name in ("cnn", "mlp"):
        assert not [
            x for x in build_model(Settings(name), InputContract()).layers if type(x).__name__ == "Flatten"
        ]


def test_unknown_name_is_refused():
    with pytest.raises(KeyError):
        build_model(Settings("transformer"), InputContract())


def kinds(model):
    return [type(layer).__name__ for layer in model.layers]


def test_mlp_of_any_depth_and_width():
    model = build_model(Settings("mlp", hidden=(7,)), InputContract())
    assert [w.shape for w in model.trainable_weights] == [(784, 7), (7,), (7, 10), (10,)]
    model = build_model(Settings("mlp", hidden=(30, 20, 5)), InputContract())
    assert [layer.units for layer in model.layers if "units" in vars(layer)] == [30, 20, 5, 10]


def test_mlp_with_batch_normalisation_and_dropout():
    settings = Settings("mlp", hidden=(6, 5), batch_norm=True, dropout=0.25, activation="tanh")
    model = build_model(settings, InputContract())
    assert kinds(model)[3:-1] == 2 * ["Dense", "BatchNormalization", "Activation", "Dropout"]
    assert not model.get_layer("hidden1").use_bias  # the normalisation has one
    assert [model.get_layer(f"dropout{n}").rate for n in (1, 2)] == [0.25, 0.25]
    assert model.get_layer("activation2").activation.__name__ == "tanh"


def test_cnn_of_any_size():
    model = build_model(
        Settings(convolutions=((Convolution(4, 5, 2), Convolution(6, 3)),), two_views=False, dropout=0.5),
        InputContract(),
    )
    assert [w.shape for w in model.trainable_weights if len(w.shape) == 4] == [(5, 5, 1, 4), (3, 3, 4, 6)]
    assert model.get_layer("conv2").output.shape == (None, 14, 14, 6)
    assert kinds(model)[-2:] == ["Dropout", "Dense"]


def test_a_convolution_that_keeps_the_shape_adds_to_what_it_is_given():
    import keras

    settings = Settings(
        convolutions=((Convolution(4, 3), Convolution(4, 3, 2), Convolution(4, 3), Convolution(5, 3)),)
    )
    model = build_model(settings, InputContract())
    assert [layer.name for layer in model.layers if isinstance(layer, keras.layers.Add)] == ["add2", "add3"]
    model.get_layer("conv2").set_weights([np.zeros((3, 3, 4, 4))])
    inner = keras.Model(
        model.input, [model.get_layer(f"activation{number}").output for number in (1, 2)], name="inner"
    )
    given, kept = inner(images(2, 28, 28, 1).astype(np.float32))
    np.testing.assert_allclose(kept, given, atol=1e-6)


def test_a_depthwise_convolution_is_one_kernel_a_channel_then_a_mixture():
    import keras

    settings = Settings(convolutions=((Convolution(4, 3), Convolution(4, 5, depthwise=True)),))
    model = build_model(settings, InputContract())
    assert [w.shape for w in model.trainable_weights if len(w.shape) == 4] == [
        (3, 3, 1, 4),
        (5, 5, 4, 1),
        (1, 1, 4, 4),
    ]
    assert model.get_layer("depthwise2").output.shape == (None, 28, 28, 4)
    assert [layer.name for layer in model.layers if isinstance(layer, keras.layers.Add)] == ["add2"]
    kernel = np.zeros((5, 5, 4, 1), np.float32)
    kernel[0, 0, 1] = 1  # what lies two pixels up and to the left, in the second channel alone
    model.get_layer("depthwise2").set_weights([kernel])
    inner = keras.Model(model.input, [model.get_layer(n).output for n in ("activation1", "depthwise2")])
    given, moved = (np.asarray(x) for x in inner(images(2, 28, 28, 1).astype(np.float32)))
    np.testing.assert_array_equal(moved[:, 2:, 2:, 1], given[:, :-2, :-2, 1])
    assert not moved[..., [0, 2, 3]].any()


@pytest.mark.parametrize("sides", [(1, 1), (5, 3)])
def test_pooling_takes_pictures_of_any_size(sides):
    model = build_model(
        Settings(convolutions=((Convolution(4, 3, 2), Convolution(4, 3, 2)),)),
        InputContract.scaled_to((*sides, 1), 3),
    )
    assert predict(model, images(2, *sides, 1)).shape == (2, 3)


@pytest.mark.parametrize("name", ["cnn", "mlp"])
def test_activations_differ(name):
    import keras

    predictions = []
    for activation in ACTIVATIONS:
        keras.utils.set_random_seed(0)
        model = build_model(Settings(name, activation=activation), InputContract())
        # Large enough that relu6 is past its end.
        model.set_weights([6 * w for w in model.get_weights()])
        predictions.append(predict(model, images(20, 28, 28, 1)))
    for number, one in enumerate(predictions):
        assert not any(np.allclose(one, other) for other in predictions[:number])


def test_networks_side_by_side_answer_with_the_mean_of_their_logits():
    import keras

    model = build_model(TWO_NETWORKS, InputContract())
    inner = keras.Model(model.input, [model.get_layer(f"net{n}_logits").output for n in (1, 2)])
    pictures = images(5, 28, 28, 1).astype(np.float32)
    one, other = inner(pictures)
    expected = keras.ops.softmax((one + other) / 2)
    np.testing.assert_allclose(model(pictures), expected, atol=1e-6)
    assert not np.allclose(one, other)


def test_two_views_answer_with_the_mean_of_the_logits_for_the_picture_and_the_smoothed_one():
    import keras

    model = build_model(replace(TWO_NETWORKS, two_views=True), InputContract())
    one_view = build_model(TWO_NETWORKS, InputContract())
    assert model.count_params() == one_view.count_params()
    one_view.set_weights(model.get_weights())
    inner = keras.Model(one_view.input, one_view.get_layer("mean_logits").output)
    pictures = images(5, 28, 28, 1).astype(np.float32)
    wider = np.pad(pictures, ((0, 0), (0, 1), (0, 1), (0, 0)), "edge")
    smoothed = (wider[:, 1:, 1:] + wider[:, :-1, 1:] + wider[:, 1:, :-1] + wider[:, :-1, :-1]) / 4
    expected = keras.ops.softmax((inner(pictures) + inner(smoothed)) / 2)
    np.testing.assert_allclose(model(pictures), expected, atol=1e-6)
    assert not np.allclose(model(pictures), one_view(pictures), atol=1e-4)


def test_a_valid_convolution_stays_within_the_picture():
    import keras

    network = (
        Convolution(4, 3, valid=True),
        Convolution(4, 5, depthwise=True, valid=True),
        Convolution(4, 3),
    )
    model = build_model(Settings(convolutions=(network,)), InputContract())
    shapes = [model.get_layer(f"conv{number}").output.shape[1:3] for number in (1, 2, 3)]
    assert shapes == [(26, 26), (22, 22), (22, 22)]
    kernel = np.zeros((3, 3, 1, 4), np.float32)
    kernel[0, 0] = 1
    model.get_layer("conv1").set_weights([kernel])
    pictures = images(2, 28, 28, 1)
    found = np.asarray(keras.Model(model.input, model.get_layer("conv1").output)(pictures.astype(np.float32)))
    np.testing.assert_allclose(found[..., 0] * 256, pictures[:, :-2, :-2, 0], rtol=1e-5)


def test_a_valid_convolution_larger_than_its_picture_is_padded():
    network = (Convolution(4, 3, pool=8), Convolution(4, 5, valid=True))
    model = build_model(Settings(convolutions=(network,)), InputContract())
    assert model.get_layer("conv2").output.shape[1:3] == (4, 4)


@pytest.mark.parametrize("name", ["default", "best"])
@pytest.mark.parametrize("side", [8, 16, 32])  # of scikit-learn's digits, of the USPS's, of CIFAR
def test_presets_take_pictures_of_other_sizes(name, side):
    contract = InputContract.scaled_to((side, side, 1), 10)
    model = build_model(preset(name, "cnn"), contract)
    assert model.output.shape == (None, 10)


@pytest.mark.parametrize(("steps", "momentum"), [(1, 0), (40, 0.5), (400, 0.95), (2000, 0.99), (10**6, 0.99)])
def test_averages_cover_a_twentieth_of_a_short_run(steps, momentum):
    import keras

    model = build_model(TWO_NETWORKS, InputContract())
    fit_averages_to_run(model, steps)
    norms = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert len(norms) > 2
    assert {layer.momentum for layer in norms} == {momentum}
