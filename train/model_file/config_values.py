"""Check the values in a model's configuration: numbers of reasonable size, and numbers of a known kind."""

import math
import re
from pathlib import Path
from typing import Any

from train.errors import ModelError
from train.model_file.keras_names import names
from train.model_file.refusals import quantized

# Of numbers in one image or the output of a layer; 1,000 x 1,000 pixels in colour are three million.
MOST_NUMBERS = 4_000_000
# Of one string; names of layers are the longest.
MOST_CHARACTERS = 10_000
SHAPES = frozenset({"batch_shape", "batch_input_shape", "input_shape", "build_input_shape"})
# Whole numbers that are no sizes.
ARBITRARY = frozenset({"seed", "shared_object_id"})
# Real numbers, each of which may be as large as a float: what pixels are compared with or calculated by.
REAL = names(
    """
    alpha fill_value mask_value max_value mean negative_slope offset scale threshold value value_range
    variance args kwargs bin_boundaries x_min x_max
    """
)
LARGEST = 3.5e38  # float32's
# What numbers a layer computes with, or a constant holds.
DTYPES = re.compile(r"(mixed_)?b?float16|float(32|64)|u?int(8|16|32|64)|bool|complex(64|128)")
DTYPE_KEYS = frozenset({"dtype", "output_dtype", "compute_dtype", "variable_dtype"})


def check_values(item: dict[str, Any], path: Path) -> None:
    """Refuse numbers that no model needs, endless strings, and types that hold anything but numbers.

    Args:
        item: One object of a configuration; those inside are checked apart.
        path: The model's file, for the message.

    Raises:
        ModelError: If a value is refused.
    """
    if "DTypePolicy" in str(item.get("class_name")) and "name" in item["config"]:
        _check_dtype(str(item["config"]["name"]), path)
    for key, value in item.items():
        if key in DTYPE_KEYS and isinstance(value, str):
            _check_dtype(value, path)
        limit = math.inf if key in ARBITRARY else LARGEST if key in REAL else MOST_NUMBERS
        scalars = list(_scalars(value))
        numbers = [scalar for scalar in scalars if isinstance(scalar, int | float)]
        if key in SHAPES:
            numbers.append(_pixels(value))
        if not all(abs(number) <= limit for number in numbers):  # false for NaN, too
            raise ModelError(
                f"expected sizes of at most {MOST_NUMBERS:,} in {path}, found {key[:80]} {str(value)[:80]}: "
                "use a smaller model"
            )
        longest = max((len(scalar) for scalar in scalars if isinstance(scalar, str)), default=0)
        if longest > MOST_CHARACTERS:
            raise ModelError(
                f"expected strings of at most {MOST_CHARACTERS:,} characters in {path}, found {longest:,} in "
                f"{key[:80]}: give the layers shorter names and save the model again"
            )


def _scalars(value: Any) -> list[Any]:
    """The numbers and strings of a value, in lists of any depth, but not in objects."""
    found, waiting = [], [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, int | float | str):
            found.append(one)
    return found


def _pixels(shape: Any) -> int:
    """How many numbers one picture of a shape has: the first side is the batch, which isn't size."""
    sides = shape[1:] if isinstance(shape, list) else []
    return math.prod(side for side in sides if isinstance(side, int))


def _check_dtype(dtype: str, path: Path) -> None:
    if "_from_" in dtype:  # int8_from_float32 and others, of model.quantize()
        raise quantized(dtype, path)
    if not DTYPES.fullmatch(dtype):
        raise ModelError(
            f"expected layers that compute with numbers in {path}, found the type {dtype[:80]!r}: use float32"
        )
