"""Weights rounded to float16 as converters round them: exports in float16 are then exact."""

import numpy as np
import pytest

from train.contract import InputContract
from train.network.architectures import build_model
from train.settings import Convolution, Settings

pytestmark = pytest.mark.usefixtures("tensorflow")

NETWORK = (Convolution(6, 3, 2), Convolution(6, 5, depthwise=True), Convolution(8, 3, 2, valid=True))
SETTINGS = {
    "one network": Settings(convolutions=(NETWORK,)),
    "two networks": Settings(convolutions=(NETWORK, (Convolution(4, 5, 4),))),
    "mlp": Settings("mlp", hidden=(12, 10), batch_norm=True),
    "mlp without normalisation": Settings("mlp", hidden=(12,)),
}


def trained(settings):
    """A model with weights as after training, far from those of a new one."""
    model, rng = build_model(settings, InputContract()), np.random.default_rng(3)
    model.set_weights(
        [np.abs(w) + rng.uniform(0.1, 1, w.shape) if "variance" in v.path else w + rng.normal(0, 0.3, w.shape)
         for v, w in zip(model.weights, model.get_weights(), strict=True)]
    )  # fmt: skip
    return model


def folded(model):
    """The kernels and offsets that a converter writes, in float32."""
    import keras

    for layer in model.layers:
        weights = layer.get_weights()
        nexts = [node.operation for node in layer._outbound_nodes]
        if not weights or isinstance(layer, keras.layers.BatchNormalization):
            continue
        norm = next((n for n in nexts if isinstance(n, keras.layers.BatchNormalization)), None)
        if norm is None:
            yield from weights
            continue
        gamma, beta, mean, variance = norm.get_weights()
        scale = gamma / np.sqrt(variance + norm.epsilon)
        depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
        yield weights[0] * (scale[:, None] if depthwise else scale)
        yield beta + (sum(weights[1:]) - mean) * scale


@pytest.mark.parametrize("name", SETTINGS)
def test_what_a_converter_rounds_is_rounded_already(name):
    from train.learning.half_precision import round_to_half

    model = trained(SETTINGS[name])
    before = list(folded(model))
    round_to_half(model)
    for weights, old in zip(folded(model), before, strict=True):
        np.testing.assert_allclose(weights, weights.astype(np.float16), rtol=1e-5, atol=2e-6)
        np.testing.assert_allclose(weights, old, rtol=1e-3, atol=1e-6)


def test_a_channel_that_normalisation_switches_off_stays(tmp_path):
    from train.learning.half_precision import round_to_half

    model = trained(SETTINGS["one network"])
    norm = model.get_layer("norm1")
    gamma, *others = norm.get_weights()
    norm.set_weights([np.where(np.arange(6) == 2, 0, gamma), *others])
    kernel = model.get_layer("conv1").get_weights()[0]
    round_to_half(model)
    np.testing.assert_array_equal(model.get_layer("conv1").get_weights()[0][..., 2], kernel[..., 2])
