"""Softplus as TFLite computes it for any number.

TFLite's converter makes log(1 + exp(x)) of it, whose exponential is infinite in float32 from x = 89 on, and
NaN follows. max(x, 0) + log(1 + exp(-|x|)) is the same function, and finite for every number.
"""

from __future__ import annotations

import shutil
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tensorflow.core.framework.function_pb2 import FunctionDef
    from tensorflow.core.framework.node_def_pb2 import NodeDef

NAME = "saved_model.pb"
# The names of the one output of each operation, by which the nodes of a function refer to it.
OUTPUTS = {
    "Relu": "activations",
    "Abs": "y",
    "Mul": "z",
    "Exp": "y",
    "AddV2": "z",
    "Log": "y",
    "Const": "output",
}


@lru_cache(maxsize=1)
def without_overflow(saved_model: Path) -> Path:
    """The SavedModel to convert: itself, or where it has a softplus, a copy in which none overflows."""
    from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

    content = SavedModel.FromString((saved_model / NAME).read_bytes())
    functions = [one for graph in content.meta_graphs for one in graph.graph_def.library.function]
    if not any(node.op == "Softplus" for function in functions for node in function.node_def):
        return saved_model
    for function in functions:
        _replace_in(function)
    # Removed with the folder that the SavedModel is in; another process may be making one of its own.
    copy = Path(tempfile.mkdtemp(prefix="softplus-", dir=saved_model.parent))
    shutil.copytree(saved_model, copy, dirs_exist_ok=True)
    (copy / NAME).write_bytes(content.SerializeToString())
    return copy


def _replace_in(function: FunctionDef) -> None:
    for node in [node for node in function.node_def if node.op == "Softplus"]:
        before, after = f"{node.name}:activations:0", f"{node.name}:{OUTPUTS['AddV2']}:0"
        function.node_def.extend(_replacement(node))
        function.node_def.remove(node)
        for other in function.node_def:
            other.input[:] = [after if given == before else given for given in other.input]
        for name, given in function.ret.items():
            function.ret[name] = after if given == before else given


def _replacement(softplus: NodeDef) -> list[NodeDef]:
    """The nodes that compute a softplus; the last one has its name."""
    from tensorflow.core.framework.node_def_pb2 import NodeDef

    of_type, nodes = softplus.attr["T"], []

    def node(op: str, *inputs: str, name: str | None = None) -> str:
        made = NodeDef(op=op, name=name or f"{softplus.name}/{op}", input=inputs)
        made.attr["dtype" if op == "Const" else "T"].CopyFrom(of_type)
        nodes.append(made)
        return f"{made.name}:{OUTPUTS[op]}:0"

    x, *controls = softplus.input  # these say after what it runs

    def constant(value: int, name: str) -> str:
        made = node("Const", name=f"{softplus.name}/{name}")
        nodes[-1].attr["value"].tensor.CopyFrom(_tensor(value, of_type.type))
        return made

    less_than_one = node("Exp", node("Mul", node("Abs", x), constant(-1, "minus_one")))
    rest = node("Log", node("AddV2", less_than_one, constant(1, "one")))
    node("AddV2", node("Relu", x, *controls), rest, name=softplus.name)
    return nodes


def _tensor(value: int, dtype: int) -> Any:
    import tensorflow as tf

    return tf.make_tensor_proto(value, dtype=tf.dtypes.as_dtype(dtype))
