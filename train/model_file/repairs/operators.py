"""Functions of TensorFlow between Keras 2's layers, and Keras 3's operations of the same arithmetic.

Keras 2 saves `x / 255.0` as a layer that names the function (tf_keras layers/core/tf_op_layer.py); Keras 3
has an operation for each (keras/src/ops/), and its TensorFlow backend calls the same functions for them.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from train.model_file.repairs.graph_operations import Call, function_of_graph
from train.model_file.repairs.table import UnsupportedLayerError

FUNCTION_LAYERS = frozenset({"TFOpLambda", "SlicingOpLambda", "TensorFlowOpLayer"})
REQUIRED = object()


class Operation(NamedTuple):
    """An operation of Keras 3: where it is in `keras.src.ops`, its settings and what it's called with."""

    module: str
    class_name: str
    settings: dict[str, Any]
    args: list[Any]


def _binary(class_name: str, second: str = "y") -> Callable[[Call], Operation]:
    def translate(call: Call) -> Operation:
        _take(call)
        pair = [_array(call.first), _array(_needed(call, second))]
        return Operation("numpy", class_name, {}, pair)

    return translate


def _unary(module: str, class_name: str, **settings: Any) -> Callable[[Call], Operation]:
    """Of one argument. A setting's name is Keras's; its value is TensorFlow's name and default."""

    def translate(call: Call) -> Operation:
        _take(call)
        found = {new: call.kwargs.pop(old, default) for new, (old, default) in settings.items()}
        if missing := [old for new, (old, _) in settings.items() if found[new] is REQUIRED]:
            raise ValueError(f"no {missing[0]}")
        return Operation(module, class_name, found, [call.first])

    return translate


def _reduce(class_name: str) -> Callable[[Call], Operation]:
    return _unary("numpy", class_name, axis=("axis", None), keepdims=("keepdims", False))


def _slice(call: Call) -> Operation:
    key = call.kwargs.pop("slice_spec")
    return Operation("numpy", "GetItem", {}, [call.first, _key(key)])


def _key(key: Any) -> Any:
    if isinstance(key, list):
        return [_key(item) for item in key]
    if isinstance(key, dict) and key.keys() == {"start", "stop", "step"}:
        return {"class_name": "__slice__", "config": key}
    if isinstance(key, dict) and key.get("class_name") == "__ellipsis__":
        return {"class_name": "__ellipsis__", "config": {}}
    return key


def _add_bias(call: Call) -> Operation:
    if call.kwargs.pop("data_format", None) not in (None, "NHWC", "NWC", "NC"):
        raise ValueError("channels first")
    return _binary("Add", "bias")(call)


def _resize(call: Call) -> Operation:
    _take(call, preserve_aspect_ratio=False)
    return _unary(
        "image",
        "Resize",
        size=("size", REQUIRED),
        interpolation=("method", "bilinear"),
        antialias=("antialias", False),
    )(call)


def _repeat_channels(call: Call) -> Operation:
    return Operation("numpy", "Repeat", {"repeats": 3, "axis": -1}, [call.first])


def _pool(class_name: str) -> Callable[[Call], Operation]:
    def translate(call: Call) -> Operation:
        _take(call, data_format="NHWC")
        padding = str(call.kwargs.pop("padding")).lower()
        size, strides = (_sides(call.kwargs.pop(key)) for key in ("ksize", "strides"))
        return Operation(
            "nn", class_name, {"pool_size": size, "strides": strides, "padding": padding}, [call.first]
        )

    return translate


def _sides(size: Any) -> Any:
    """TensorFlow also takes the sizes along the batch and the channels, which are 1."""
    return size[1:3] if isinstance(size, list) and len(size) == 4 else size


def _matmul(call: Call) -> Operation:
    _take(call, **dict.fromkeys(("transpose_a", "transpose_b", "adjoint_a", "adjoint_b"), False))
    return _binary("Matmul", "b")(call)


def _needed(call: Call, key: str) -> Any:
    value = call.kwargs.pop(key, None)
    if value is None:
        raise ValueError(f"no {key}")
    return value


def _array(value: Any) -> Any:
    """Keras 3's operations take arrays where TensorFlow's functions take lists of numbers."""
    if not isinstance(value, list):
        return value
    return {"class_name": "__numpy__", "config": {"value": value, "dtype": "float32"}}


def _take(call: Call, **harmless: Any) -> None:
    """Remove the arguments that change nothing: a name, and those with a harmless value."""
    for key, value in {"name": call.kwargs.get("name"), **harmless}.items():
        if call.kwargs.get(key) in (None, value):
            call.kwargs.pop(key, None)


OPERATORS: dict[str, Callable[[Call], Operation]] = {
    "math.add": _binary("Add"),
    "__operators__.add": _binary("Add"),
    "math.subtract": _binary("Subtract"),
    "math.multiply": _binary("Multiply"),
    "math.truediv": _binary("TrueDivide"),
    "math.divide": _binary("TrueDivide"),
    "math.pow": _binary("Power"),
    "math.maximum": _binary("Maximum"),
    "math.minimum": _binary("Minimum"),
    "nn.bias_add": _add_bias,
    "linalg.matmul": _matmul,
    "math.negative": _unary("numpy", "Negative"),
    "math.abs": _unary("numpy", "Absolute"),
    "math.square": _unary("numpy", "Square"),
    "math.sqrt": _unary("numpy", "Sqrt"),
    "math.rsqrt": _unary("math", "Rsqrt"),
    "math.exp": _unary("numpy", "Exp"),
    "math.log": _unary("numpy", "Log"),
    "math.tanh": _unary("numpy", "Tanh"),
    "math.sigmoid": _unary("nn", "Sigmoid"),
    "math.softplus": _unary("nn", "Softplus"),
    "nn.relu": _unary("nn", "Relu"),
    "nn.relu6": _unary("nn", "Relu6"),
    "nn.silu": _unary("nn", "Silu"),
    "nn.elu": _unary("nn", "Elu"),
    "nn.selu": _unary("nn", "Selu"),
    "nn.gelu": _unary("nn", "Gelu", approximate=("approximate", False)),
    "nn.leaky_relu": _unary("nn", "LeakyRelu", negative_slope=("alpha", 0.2)),
    "nn.softmax": _unary("nn", "Softmax", axis=("axis", -1)),
    "nn.log_softmax": _unary("nn", "LogSoftmax", axis=("axis", -1)),
    "nn.max_pool2d": _pool("MaxPool"),
    "nn.avg_pool2d": _pool("AveragePool"),
    "math.reduce_mean": _reduce("Mean"),
    "math.reduce_sum": _reduce("Sum"),
    "math.reduce_max": _reduce("Max"),
    "math.reduce_min": _reduce("Min"),
    "math.reduce_std": _reduce("Std"),
    "math.reduce_variance": _reduce("Var"),
    "clip_by_value": _unary(
        "numpy", "Clip", x_min=("clip_value_min", REQUIRED), x_max=("clip_value_max", REQUIRED)
    ),
    "cast": _unary("core", "Cast", dtype=("dtype", REQUIRED)),
    "reshape": _unary("numpy", "Reshape", newshape=("shape", REQUIRED)),
    "expand_dims": _unary("numpy", "ExpandDims", axis=("axis", REQUIRED)),
    "squeeze": _unary("numpy", "Squeeze", axis=("axis", None)),
    "transpose": _unary("numpy", "Transpose", axes=("perm", None)),
    "tile": _unary("numpy", "Tile", repeats=("multiples", REQUIRED)),
    "concat": _unary("numpy", "Concatenate", axis=("axis", REQUIRED)),
    "stack": _unary("numpy", "Stack", axis=("axis", 0)),
    "__operators__.getitem": _slice,
    "image.resize": _resize,
    "image.rgb_to_grayscale": _unary("image", "RGBToGrayscale"),
    "image.grayscale_to_rgb": _repeat_channels,
}


def operation_of(config: dict[str, Any], call: Call) -> Operation:
    """The operation of Keras 3 that equals a call of a function of TensorFlow.

    Args:
        config: The settings of the layer that stands for the function.
        call: What the function is called with.

    Raises:
        UnsupportedLayerError: If it has none, or an argument has no equal.
    """
    if "node_def" in config:
        function, call = function_of_graph(config, call)
    else:
        function = str(config.get("function")).removeprefix("compat.v1.")
    call.kwargs.pop("conjugate", None)  # of transposed real numbers: nothing
    translate = OPERATORS.get(function)
    try:
        if translate is None:
            raise ValueError("Keras 3 has no equal")
        operation = translate(call)
        if call.kwargs:
            raise ValueError(f"with {min(call.kwargs)}")
    except (ValueError, KeyError) as error:
        raise UnsupportedLayerError(
            f"found the function tf.{function[:80]} between its layers, which can't be translated "
            f"({str(error)[:80]}): use Keras's own layers instead, train the model again, and save it"
        ) from None
    return operation
