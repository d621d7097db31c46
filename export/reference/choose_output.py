"""Choose the output that is exported, of a model that has several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from export.errors import ModelError

if TYPE_CHECKING:
    import keras


def choose_output(model: keras.Model, name: str | None) -> keras.Model:
    """A model of one input and one output.

    Args:
        model: Any Keras model.
        name: Of the output, or of the layer that gives it; None for the only one.

    Returns:
        The model itself, or one of its inputs and that output.

    Raises:
        ModelError: If it has several inputs, or several outputs of which none is named.
    """
    import keras

    if not getattr(model, "inputs", None):
        raise ModelError(
            "expected a model that knows the shape of its input, found one that was never built: call it on "
            "a picture, or begin it with keras.Input"
        )
    if len(model.inputs) != 1:
        raise ModelError(
            f"expected a model of one input, a picture, found {len(model.inputs)}: use a model of one picture"
        )
    names = _output_names(model)
    if name is None and len(names) == 1:
        return model
    if name not in names:
        found = f"{len(names)}, {', '.join(names)}" if name is None else name
        raise ModelError(
            f"expected one output of {', '.join(names)}, found {found}: name one of them with --output"
        )
    return model if len(names) == 1 else keras.Model(model.inputs, model.outputs[names.index(name)])


def _output_names(model: keras.Model) -> list[str]:
    """The names of the layers that give a model's outputs."""
    return [str(tensor._keras_history.operation.name) for tensor in model.outputs]
