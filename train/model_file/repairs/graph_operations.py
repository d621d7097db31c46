"""Operations of TensorFlow's graph between layers, as Keras 2 saved them until TensorFlow 2.3.

tf_keras engine/base_layer.py, `TensorFlowOpLayer`.
"""

from typing import Any, NamedTuple


class Call(NamedTuple):
    """What a function is called with: its first argument, and the others by their names."""

    first: Any
    kwargs: dict[str, Any]


# The operations, and the functions that make them.
GRAPH_OPERATIONS = {
    "Add": "math.add",
    "AddV2": "math.add",
    "BiasAdd": "math.add",
    "Sub": "math.subtract",
    "Mul": "math.multiply",
    "RealDiv": "math.truediv",
    "Maximum": "math.maximum",
    "Minimum": "math.minimum",
    "Pow": "math.pow",
    "Neg": "math.negative",
    "Square": "math.square",
    "Sqrt": "math.sqrt",
    "Exp": "math.exp",
    "Tanh": "math.tanh",
    "Sigmoid": "math.sigmoid",
    "Relu": "nn.relu",
    "Relu6": "nn.relu6",
}


def function_of_graph(config: dict[str, Any], call: Call) -> tuple[str, Call]:
    """The function of TensorFlow that makes an operation, and what it is called with.

    Args:
        config: The settings of the layer that stands for the operation.
        call: What the layer is called with; the constants among the inputs are in its settings.
    """
    name = str(config["node_def"].get("op"))
    inputs = list(call.first) if isinstance(call.first, list) else [call.first]
    for index, constant in sorted((config.get("constants") or {}).items(), key=lambda item: int(item[0])):
        inputs.insert(int(index), constant)
    rest = {"y": inputs[1]} if len(inputs) == 2 else {}
    return GRAPH_OPERATIONS.get(name, name), Call(inputs[0], rest)
