"""Rebuild a model as it is exported: flat, in float32, by plain names, without layers that only train."""

from __future__ import annotations

from typing import TYPE_CHECKING

from export.errors import ModelError
from export.reference.input_form import InputForm
from export.reference.output_kind import ADDED_LAYERS, OutputKind
from export.reference.pixel_scale import PixelScale
from export.reference.rebuilder import Rebuilder

if TYPE_CHECKING:
    import keras

INPUT, OUTPUT = "image", "probabilities"
ADDED = {OUTPUT, "row", *ADDED_LAYERS}  # behind the model's own layers


def build_inference_model(
    model: keras.Model, form: InputForm, scale: PixelScale, kind: OutputKind, dtype: str = "float32"
) -> keras.Model:
    """Build the model that is exported: raw pixels in, probabilities out.

    Models within the model are dissolved, layers that are called several times stay shared, weights are
    copied. Layers get names from their class, since those of a saved model may hold anything.

    Args:
        model: The reference model, of one input and one output. Layers of other packages than Keras are
            used as they are, not copied.
        form: How it takes a picture.
        scale: On what scale it takes pixels.
        kind: What its outputs are.
        dtype: Of all computations.

    Returns:
        A functional model: (batch, rows, columns, channels) in 0..255 to (batch, classes).

    Raises:
        ModelError: If it can't be rebuilt for any batch, or gives no row of numbers for a picture.
    """
    import keras

    picture = keras.Input(form.picture, name=INPUT, dtype=dtype)
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(dtype)  # of the layers that are added
    try:
        given = form.arrange_in_graph(scale.apply_in_graph(picture))
        if "int" in model.inputs[0].dtype:
            given = keras.ops.cast(given, model.inputs[0].dtype)
        # Keras before 3.14 makes no model of an input alone.
        before_it = [] if given is picture else keras.Model(picture, given).operations
        taken = {INPUT, *ADDED, *(operation.name for operation in before_it)}
        row = _as_row(Rebuilder(dtype, taken).run(model, given))
        probabilities = keras.layers.Identity(name=OUTPUT)(kind.finish_in_graph(row))
    finally:
        keras.config.set_dtype_policy(before)
    return keras.Model(picture, probabilities, name="classifier")


def _as_row(outputs: keras.KerasTensor) -> keras.KerasTensor:
    """Outputs of shape (batch, 1, 1, classes) as (batch, classes)."""
    import keras

    shape = outputs.shape[1:]
    if len(shape) == 1:
        return outputs
    if None in shape or any(side != 1 for side in shape[:-1]):
        raise ModelError(
            f"expected an output of (classes,) for a picture, found {tuple(shape)}: end the model with a "
            "layer that gives one row, such as GlobalAveragePooling2D or Flatten and Dense"
        )
    return keras.layers.Reshape((shape[-1],), name="row")(outputs)
