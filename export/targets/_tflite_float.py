"""The TFLite file in floats: what a target ships, and what shows the others which operations there will be.

TFLite's converter makes one operation of many, as of hard swish, so TensorFlow's own operations don't tell
what its quantizers will be given.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from export.errors import ConversionError
from export.target import Source
from export.targets._tflite import WAY_OUT, why_not_converted, write
from export.targets._tflite_file import Operation, operations, read_model, type_of
from export.targets._tflite_softplus import without_overflow

if TYPE_CHECKING:
    import keras


def write_float_model(source: Source, path: Path) -> None:
    """Write the `.tflite`, float32 throughout. Raises ConversionError if the converter refuses the model."""
    found = _converted(source.model, source.saved_model)
    if isinstance(found, str):
        raise ConversionError(
            f"expected a model that TFLite can convert for {path.name}, found that {found}: {WAY_OUT}"
        )
    write(found.read_bytes(), source, path)


@lru_cache(maxsize=1)  # six targets ask; without the tensors' contents it is small
def float_operations(model: keras.Model, saved_model: Path) -> tuple[Operation, ...] | str:
    """The operations on floats that TFLite makes of a model; or why it can't."""
    found = _converted(model, saved_model)
    if isinstance(found, str):
        return found
    return tuple(one for one in operations(read_model(found.read_bytes())) if _is_on_floats(one))


def _is_on_floats(operation: Operation) -> bool:
    return "FLOAT32" in map(type_of, (*operation.inputs, *operation.outputs))


@lru_cache(maxsize=1)
def _converted(model: keras.Model, saved_model: Path) -> Path | str:
    """The file, kept in the SavedModel's folder; or why there is none."""
    import tensorflow as tf

    from export.reference.saved_model import saved
    from train.console.quiet import quiet

    folder = without_overflow(saved(model, saved_model))
    try:
        with quiet():
            content = tf.lite.TFLiteConverter.from_saved_model(str(folder)).convert()
    except Exception as error:  # the converter raises whatever lies beneath it
        return why_not_converted(error, model, _paths(model))
    path = saved_model / "float32.tflite"
    path.write_bytes(content)
    return path


def _paths(model: keras.Model) -> dict[str, str]:
    """Where in a model each of TensorFlow's operations is; of several, one of them."""
    import tensorflow as tf

    picture = model.inputs[0]
    predict = tf.function(lambda pictures: model(pictures, training=False))
    traced = predict.get_concrete_function(tf.TensorSpec(picture.shape, picture.dtype, picture.name))
    graph = traced.graph.as_graph_def()
    nodes = [*graph.node, *(node for function in graph.library.function for node in function.node_def)]
    return {node.op: node.name for node in nodes}
