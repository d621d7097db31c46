"""A `.tflite` as apps get it: for one picture, with readable names, and with its description inside."""

from __future__ import annotations

from export.target import Description
from export.targets._tflite_batch import declare_one_picture
from export.targets._tflite_file import ModelT, is_constant, read_model, written
from export.targets._tflite_metadata import attach_description, with_labels

IMAGE = "image"  # the input's name


def shipped(content: bytes, description: Description) -> bytes:
    """What the converter has made, ready for apps: the same operations on the same numbers.

    Args:
        content: A `.tflite` of one input and one output.
        description: What it says of its model; its `gives` becomes the output's name.

    Returns:
        The file. The same arguments give the same bytes.
    """
    model = read_model(content)
    declare_one_picture(model)
    _name_tensors(model, description.gives)
    attach_description(model, description)
    return with_labels(written(model), description)


def _name_tensors(model: ModelT, output: str) -> None:
    """Give input and output their names, in the graph and in its signature, and constants none.

    Theirs say little (`tfl.pseudo_qconst7`) or, since TensorFlow 2.21, list every operation that was folded
    into the constant, which takes 2% of a small model.
    """
    for tensor in model.subgraphs[0].tensors:
        if is_constant(model, tensor):
            tensor.name = b""
    graph, (signature,) = model.subgraphs[0], model.signatureDefs
    for places, named, name in (
        (graph.inputs, signature.inputs, IMAGE),
        (graph.outputs, signature.outputs, output),
    ):
        (place,), (tensor_of_signature,) = places, named
        graph.tensors[place].name = tensor_of_signature.name = name.encode()
