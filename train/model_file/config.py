"""Check a model's configuration before Keras builds it: only Keras's own classes, and reasonable sizes."""

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from train.errors import ModelError

# Hundreds of layers take one million bytes. Parsed JSON takes many times its length.
MOST_BYTES = 4_000_000
# Of numbers in one image or the output of a layer; 1,000 x 1,000 pixels in colour are three million.
MOST_NUMBERS = 4_000_000
# The modules of a model's parts. Losses, optimizers and everything else aren't loaded.
PARTS = "activations|constraints|dtype_policies|initializers|layers|models|ops|random|regularizers"
MODULES = re.compile(rf"builtins|keras(\.src)?(\.({PARTS})\b.*)?")
# Keras 2's, in files; they are repaired before Keras sees them.
OLD_MODULES = re.compile(rf"builtins|(tf_)?keras(\.src)?(\.({PARTS}|engine|mixed_precision)\b.*)?")
# These classes contain code, run a file's code, or read other files.
CODE = frozenset(
    {"Lambda", "__lambda__", "function", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"}
)
# Keras writes these for model.quantize(), with any mode (dtype_policies/, quantizers/).
QUANTIZED = re.compile(r"Quantized\w*DTypePolicy|\w+QuantizationConfig$|GPTQConfig|AWQConfig")
FILES = frozenset({"StringLookup", "IntegerLookup", "TextVectorization"})
ODD = frozenset({"TypeSpec", "__typespec__", "CompositeTensor"})
ARBITRARY = frozenset({"seed", "shared_object_id"})
SHAPES = frozenset({"batch_shape", "batch_input_shape", "input_shape"})


def check_config(text: str | bytes, path: Path) -> None:
    """Refuse a configuration with code, classes that aren't Keras's own, or absurd sizes.

    Args:
        text: The configuration as JSON.
        path: The model's file, for the message.

    Raises:
        ModelError: If the configuration is refused.
        ValueError: If it isn't a JSON object.
        RecursionError: If it is nested too deeply.
    """
    if len(text) > MOST_BYTES:
        raise ModelError(
            f"expected a configuration of at most {MOST_BYTES:,} bytes in {path}, found {len(text):,}: "
            "use a smaller model"
        )
    config = json.loads(text)
    if not isinstance(config, dict):
        raise ValueError("its configuration is not an object")
    config.pop("compile_config", None)  # for training; it isn't loaded
    _check(config, path, OLD_MODULES)


def check_repaired(config: dict[str, Any], path: Path) -> None:
    """Refuse the same in a configuration that has been repaired, just before Keras builds it.

    Args:
        config: The configuration.
        path: The model's file, for the message.

    Raises:
        ModelError: If the configuration is refused.
    """
    _check(config, path, MODULES)


def _check(config: dict[str, Any], path: Path, modules: re.Pattern[str]) -> None:
    for item in _objects(config):
        if "class_name" in item:
            _refuse_code(item, path, modules)
        for key, value in item.items():
            if key not in ARBITRARY:
                _refuse_absurd(key, value, path)


def _objects(config: Any) -> Iterator[dict[str, Any]]:
    """Every object in a configuration, at any depth."""
    waiting = [config]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _refuse_code(item: dict[str, Any], path: Path, modules: re.Pattern[str]) -> None:
    name = str(item["class_name"])[:80]
    if QUANTIZED.match(name):
        raise ModelError(
            f"expected a model of float weights in {path}, found one that Keras has quantized ({name}): save "
            "the model as it was before model.quantize(); exporting quantizes it"
        )
    # A .h5 file names no modules; a .keras file names none for custom classes.
    module = str(item.get("module", "keras"))
    registered = str(item.get("registered_name"))
    if name in CODE:
        kind = f"a {name} layer"
    elif name in FILES:
        kind = f"a {name} layer, which may read files"
    elif name in ODD or ">" in name + registered or not modules.fullmatch(module):
        kind = f"the custom class {name}"
    else:
        return
    raise ModelError(
        f"expected a model without code of its own in {path}, found {kind}, which is never run: "
        "replace it by Keras's own layers, or, if the code is yours, load the model in Python and call "
        "export.export_model with it"
    )


def _refuse_absurd(key: str, value: Any, path: Path) -> None:
    numbers = [n for n in (value if isinstance(value, list) else [value]) if isinstance(n, int)]
    size = max(numbers, default=0)
    if key in SHAPES:
        has_batch = (
            isinstance(value, list) and value[:1] and isinstance(value[0], int)
        )  # a fixed one isn't size
        size = max(size, math.prod(numbers[1:] if has_batch else numbers))
    if size > MOST_NUMBERS:
        raise ModelError(
            f"expected sizes of at most {MOST_NUMBERS:,} in {path}, found {key[:80]} {str(value)[:80]}: "
            "use a smaller model"
        )
