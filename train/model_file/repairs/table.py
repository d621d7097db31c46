"""The settings of layers that Keras 3 writes otherwise, or no longer has: one repair a line, with its source.

The sources are files of Keras 3.15 (`keras/src/`) and of tf_keras 2.19, which is Keras 2.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

Config = dict[str, Any]
ANYTHING = object()


class UnsupportedLayerError(ValueError):
    """A layer or setting that Keras 3 has nothing equal for. The message says which, and what to do."""


class Repair(NamedTuple):
    """How to change the settings of some layers, and why."""

    layers: str
    """A regular expression for the names of their classes."""
    change: Callable[[Config], None]
    source: str


def _dropped(**harmless: Any) -> Callable[[Config], None]:
    """Drop settings, each only with the value that does nothing; or null, which means the same."""

    def change(config: Config) -> None:
        for key, value in harmless.items():
            found = config.pop(key, None)
            if value is not ANYTHING and found is not None and found != value:
                raise UnsupportedLayerError(
                    f"found {key}={str(found)[:80]} in {str(config.get('name'))[:80]!r}, which Keras 3 no "
                    "longer has: train the model again without it"
                )

    return change


def _renamed(**names: str) -> Callable[[Config], None]:
    def change(config: Config) -> None:
        for old, new in names.items():
            if old in config:
                config[new] = config.pop(old)

    return change


def _default(**values: Any) -> Callable[[Config], None]:
    def change(config: Config) -> None:
        for key, value in values.items():
            config.setdefault(key, value)

    return change


def _forget_training(config: Config) -> None:
    for key in list(config):
        if re.fullmatch(r".+_(initializer|regularizer|constraint)", key):
            del config[key]


def _name_policy(config: Config) -> None:
    policy = config.get("dtype")
    if isinstance(policy, dict) and policy.get("class_name") in ("Policy", "PolicyV1"):
        config["dtype"] = policy["config"]["name"]


def _name_activations(config: Config) -> None:
    for key in ("activation", "recurrent_activation"):
        if isinstance(config.get(key), str):
            config[key] = config[key].removesuffix("_v2")


def _use_default_format(config: Config) -> None:
    if config.get("data_format", "") is None:
        del config["data_format"]


def _unpack_axis(config: Config) -> None:
    axis = config.get("axis")
    if isinstance(axis, list) and len(axis) == 1:
        config["axis"] = axis[0]


def _shape_input(config: Config) -> None:
    shape = config.pop("batch_input_shape", None)
    if shape is not None:
        config["batch_shape"] = shape
    elif "batch_shape" not in config and "input_shape" in config:
        config["batch_shape"] = [None, *config["input_shape"]]
    config.pop("input_shape", None)


ANY = ".*"
RECURRENT = "RNN|SimpleRNN|LSTM|GRU|ConvLSTM[123]D"
REPAIRS = (
    Repair(
        ANY, _forget_training, "initializers, regularizers, constraints: used in training only, renamed often"
    ),
    Repair(ANY, _name_policy, "tf_keras mixed_precision/policy.py: Policy; Keras 3: dtype_policies"),
    Repair(
        ANY, _name_activations, "tf_keras activations.py: _TF_ACTIVATIONS_V2, tf.nn.softmax is 'softmax_v2'"
    ),
    Repair(ANY, _use_default_format, "Keras 2.1 and older wrote null; keras/src/backend/config.py"),
    Repair("InputLayer", _shape_input, "layers/core/input_layer.py: batch_shape, formerly batch_input_shape"),
    Repair("InputLayer", _dropped(ragged=False, type_spec=None), "tf_keras engine/input_layer.py: ragged"),
    Repair(
        "(?!InputLayer).*", _dropped(batch_input_shape=ANYTHING), "layers/layer.py: the InputLayer has it"
    ),
    Repair("Embedding", _dropped(input_length=ANYTHING), "layers/core/embedding.py: deduced from the input"),
    Repair("BatchNormalization|Softmax", _unpack_axis, "legacy/saving/saving_utils.py: not in nested models"),
    Repair(
        "BatchNormalization",
        _dropped(
            renorm=False,
            renorm_clipping=ANYTHING,
            renorm_momentum=ANYTHING,
            fused=ANYTHING,
            virtual_batch_size=None,
            adjustment=None,
        ),
        "layers/normalization/batch_normalization.py; tf_keras BatchNormalizationBase",
    ),
    Repair(
        "(Depthwise|Separable)Conv[12]D|Conv[123]DTranspose",
        _dropped(groups=1),
        "keras-team/keras issue 19441; layers/convolutional/base_depthwise_conv.py has no groups",
    ),
    Repair(
        RECURRENT, _dropped(time_major=False, input_dim=ANYTHING, input_length=ANYTHING), "layers/rnn/rnn.py"
    ),
    Repair(f"({RECURRENT})(Cell)?", _dropped(implementation=ANYTHING), "layers/rnn/lstm.py: one way only"),
    Repair(
        "GRU(Cell)?", _default(reset_after=False), "tf_keras layers/rnn/gru_v1.py: the default of Keras 2.1"
    ),
    Repair(
        "MultiHeadAttention",
        _dropped(query_shape=ANYTHING, key_shape=ANYTHING, value_shape=ANYTHING),
        "layers/attention/multi_head_attention.py: build() takes them",
    ),
    Repair(
        "MultiHeadAttention",
        _dropped(softmax_robust_masking=False),
        "tf_keras 2.21 layers/attention/multi_head_attention.py: only masks are treated otherwise",
    ),
    Repair(ANY, _dropped(rng_type=ANYTHING), "tf_keras 2.21 engine/base_layer.py: nothing at inference"),
    Repair("LeakyReLU", _renamed(alpha="negative_slope"), "layers/activations/leaky_relu.py"),
    Repair("ThresholdedReLU", _renamed(theta="threshold"), "legacy/layers.py; layers/activations/relu.py"),
    Repair(
        "SpatialDropout[123]D|Discretization",
        _dropped(trainable=ANYTHING, noise_shape=ANYTHING),
        "layers/regularization/spatial_dropout.py: its constructor names all it takes",
    ),
)

# Keras 2's names of classes, and those of Keras 3 that do the same at inference.
CLASSES = {
    "Model": "Functional",  # tf_keras engine/functional.py, until TensorFlow 2.2
    "BatchNormalizationV1": "BatchNormalization",  # tf_keras layers/normalization/batch_normalization_v1.py
    "BatchNormalizationV2": "BatchNormalization",
    "SyncBatchNormalization": "BatchNormalization",  # differs in training on several devices
    "ThresholdedReLU": "ReLU",  # legacy/layers.py
    "RandomHeight": "Identity",  # legacy/layers.py: augmentation, nothing at inference
    "RandomWidth": "Identity",
}


def repair_settings(class_name: str, config: Config) -> str:
    """Apply every repair for a layer to its settings, in place.

    Returns:
        The name of its class in Keras 3.

    Raises:
        UnsupportedLayerError: If a setting has no equal in Keras 3.
    """
    replaced = CLASSES.get(class_name, class_name)
    for repair in REPAIRS:
        if any(re.fullmatch(repair.layers, name) for name in (class_name, replaced)):
            repair.change(config)
    if replaced == "Identity" != class_name:
        for key in set(config) - {"name", "trainable", "dtype"}:
            del config[key]
    return replaced
