"""Refuse classes that aren't a model's plain layers, and say for each kind what to do instead."""

import re
from pathlib import Path
from typing import Any

from train.errors import ModelError

# Modules of Keras 3, and those that Keras 2 wrote; the repairs replace the latter by names of Keras 3.
KERAS = re.compile(r"builtins|(tf_)?keras(\.\w+)*")
# These classes contain code, run a file's code, or read other files.
CODE = frozenset(
    {"Lambda", "__lambda__", "function", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"}
)
FILES = frozenset({"IndexLookup", "StringLookup", "IntegerLookup", "TextVectorization"})
ODD = frozenset({"TypeSpec", "__typespec__", "CompositeTensor"})
# Keras writes these for model.quantize(), with any mode (dtype_policies/, quantizers/).
QUANTIZED = re.compile(r"(Quantized|GPTQ|AWQ|Int4)\w*DTypePolicy|\w+QuantizationConfig$|GPTQConfig|AWQConfig")


def refuse_unless_keras(item: dict[str, Any], path: Path) -> None:
    """Refuse an object of a file, whichever Keras wrote it, that contains code or isn't Keras's own.

    Args:
        item: An object with a `class_name`.
        path: The model's file, for the message.

    Raises:
        ModelError: If it is refused.
    """
    name = str(item["class_name"])
    if QUANTIZED.match(name):
        raise quantized(name, path)
    # A .h5 file names no modules; a .keras file names none for custom classes.
    is_keras = KERAS.fullmatch(str(item.get("module", "keras")))
    is_odd = name in ODD or not isinstance(item["class_name"], str)
    if is_odd or name in CODE | FILES or ">" in f"{name}{item.get('registered_name')}" or not is_keras:
        raise refused_code(item, path)


def refused_code(item: dict[str, Any], path: Path) -> ModelError:
    """The refusal of an object that is a layer with code, or nothing of Keras's.

    Args:
        item: An object with a `class_name`.
        path: The model's file.
    """
    name = str(item["class_name"])[:80]
    if name in CODE:
        kind = f"a {name} layer"
    elif name in FILES:
        kind = f"a {name} layer, which may read files"
    else:
        kind = f"the custom class {name}"
    return ModelError(
        f"expected a model without code of its own in {path}, found {kind}, which is never run: "
        "replace it by Keras's own layers, or, if the code is yours, load the model in Python and call "
        "export.export_model with it"
    )


def quantized(name: str, path: Path) -> ModelError:
    """The refusal of a model that Keras has quantized.

    Args:
        name: By what it shows.
        path: The model's file.
    """
    return ModelError(
        f"expected a model of float weights in {path}, found one that Keras has quantized ({name[:80]}): "
        "save the model as it was before model.quantize(); exporting quantizes it"
    )
