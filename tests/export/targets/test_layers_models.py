"""Layers models: what converts runs in TensorFlow.js and agrees; what it lacks is refused beforehand."""

import json
from functools import partial
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from export.errors import ConversionError
from export.targets.tfjs_layers import TARGET
from tests.export.targets.bodies import SHAPE
from tests.export.targets.conversions import Outcome, outcomes
from tests.export.targets.small_models import MODELS, as_source, model_of

REFUSED = {
    "activation exponential": "has no activation exponential (activation_",
    "activation hard_shrink": "has no activation hard_shrink",
    "activation soft_shrink": "has no activation soft_shrink",
    "activation sparse_plus": "has no activation sparse_plus",
    "activation sparsemax": "has no activation sparsemax",
    "activation squareplus": "has no activation squareplus",
    "adaptive pool": "has no AdaptiveAveragePooling2D layer (adaptive_average_pooling2d)",
    "attention": "has no MultiHeadAttention layer (multi_head_attention",
    "conv lstm": "has no ConvLSTM2D layer (conv_lstm2d)",
    "dot attention": "has no Attention layer (attention",
    "einsum dense": "has no EinsumDense layer (einsum_dense)",
    "global 3d": "has no GlobalAveragePooling3D layer",
    "group normalization": "has no GroupNormalization layer (group_normalization)",
    "grouped attention": "has no GroupedQueryAttention layer",
    "gru": "has no GRU with reset_after, which is Keras's default (gru)",
    "lstm hard": "has no LSTM of activation hard_sigmoid (lstm_1)",
    "masking": "has no NotEqual operation",
    "max pool 3d": "has no MaxPooling3D layer",
    "op add to one channel": "combines no tensor with a constant of another shape (add",
    "op argmax": "has no Argmax operation",
    "op cumsum": "has no Cumsum operation",
    "op cumsum of channels": "has no Cumsum operation",
    "op divide pair": "divides by constants alone",
    "op einsum": "has no Einsum operation",
    "op erf": "has no Erf operation",
    "op exp": "has no Exp operation",
    "op gelu tanh": "has gelu by the error function alone, not by tanh",
    "op logsumexp": "has no Logsumexp operation",
    "op matmul": "has no Matmul operation",
    "op mean of channels": "reduces the pixels of a channel alone, all of them",
    "op normalize": "has no Normalize operation",
    "op one hot": "has no Argmax operation",
    "op pad": "has no Pad operation",
    "op power": "raises to the power of 2 alone",
    "op reciprocal": "divides by constants alone",
    "op resize": "has no Resize operation",
    "op slice": "has no GetItem operation",
    "op sort": "has no Sort operation",
    "op sqrt": "has no Sqrt operation",
    "op stack": "has no Stack operation",
    "op top k": "has no TopK operation",
    "op where": "has no Greater operation",
    "resizing": "has no Resizing layer (resizing)",
    "resizing bicubic": "has no Resizing layer",
    "resizing nearest": "has no Resizing layer",
    "rms normalization": "has no RMSNormalization layer",
    "softmax axes": "has no Softmax over several axes, or with a mask",
    "spectral": "has no SpectralNormalization layer",
    "transposed dilated": "has no Conv2DTranspose with dilation or output_padding",
    "transposed output padding": "has no Conv2DTranspose with dilation or output_padding",
    "unit normalization": "has no UnitNormalization layer",
    "upsampling bilinear": "samples an UpSampling2D at other places",
}


# Those that TensorFlow.js knows by other names or arguments, or computes in another way.
HARD = [
    *(
        "activation hard_sigmoid",
        "activation hard_silu",
        "activation gelu",
        "normalization",
        "lstm",
        "residual",
    ),
    *("conv twice", "relu twice", "squeeze and excite", "separable", "transposed", "prelu of two", "permute"),
    *("op add channels", "op add pair", "conv normalized twice", "conv groups"),
]


@pytest.fixture(scope="module")
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    models = {name: partial(model_of, MODELS[name]) for name in request.param}
    return outcomes(TARGET, models, tmp_path_factory.mktemp("layers"))


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(HARD, id="hard", marks=pytest.mark.integration),
        pytest.param([*MODELS], id="all", marks=pytest.mark.slow),
    ],
    indirect=True,
)
def test_what_converts_agrees(found: dict[str, Outcome]) -> None:
    refused = {name for name, outcome in found.items() if outcome.refusal}
    assert refused == set(REFUSED) & set(found)
    wrong = {name: outcome for name, outcome in found.items() if not outcome.refusal and not outcome.agrees}
    assert wrong == {}


@pytest.mark.parametrize("name", REFUSED)
def test_what_tensorflow_js_lacks_is_refused_by_layer(name: str, tmp_path: Path) -> None:
    model = model_of(MODELS[name])
    reason = TARGET.refusal(as_source(model))
    assert reason is not None
    assert reason.startswith(f"TensorFlow.js {REFUSED[name]}")
    with pytest.raises(ConversionError, match="expected a model of layers that"):
        TARGET.convert(as_source(model), tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_a_layer_of_the_models_own_is_refused_whatever_its_name() -> None:
    class Dense(layers.Dense):
        def call(self, inputs):
            return super().call(inputs) + 1

    model = model_of(lambda x: Dense(3, name="mine")(x))
    assert TARGET.refusal(as_source(model)) == "TensorFlow.js has no Dense layer (mine)"


def test_a_function_of_the_models_own_is_refused() -> None:
    model = model_of(lambda x: layers.Activation(lambda found: found * 2, name="mine")(x))
    reason = TARGET.refusal(as_source(model))
    assert reason is not None
    assert reason.endswith("not a function of the model's own (mine)")


def test_only_what_predicts_is_written(tmp_path: Path) -> None:
    dense = layers.Dense(3, kernel_regularizer="l2", bias_constraint="non_neg", activation="softmax")
    pictures = keras.Input(SHAPE)
    model = keras.Model(pictures, dense(layers.Flatten()(layers.Dropout(0.5)(pictures))))
    TARGET.convert(as_source(model), tmp_path)
    topology = json.loads((tmp_path / "model.json").read_text())["modelTopology"]["model_config"]["config"]
    assert [layer["class_name"] for layer in topology["layers"]] == ["InputLayer", "Flatten", "Dense"]
    assert set(topology["layers"][2]["config"]) == {"name", "units", "use_bias", "activation"}
    weights = np.fromfile(next(tmp_path.glob("*.bin")), np.float32)
    assert len(weights) == model.count_params()
