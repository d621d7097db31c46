"""TFLite, 8-bit weights and 16-bit activations, float32 in and out."""

from __future__ import annotations

from pathlib import Path

from export.runtimes import litert
from export.source import Source
from export.targets import _budgets
from export.targets._sums import fits_32_bits
from export.targets._tflite import write_tflite
from export.types import Target

OPERATIONS = "EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8"


def write_int16x8(source: Source, path: Path) -> None:
    """Convert the model and write the `.tflite`, with 32-bit sums where no picture can overflow them.

    LiteRT has a fast kernel for those alone: 0.14 ms for a picture and the default CNN, not the 2.0 ms of the
    converter's 64 bits.

    Raises:
        ConversionError: If the converter refuses the model.
    """
    write_tflite(source, path, operations=OPERATIONS, biases="int32")
    if not fits_32_bits(path):
        write_tflite(source, path, operations=OPERATIONS, biases="int64")


TARGET = Target(
    name="tflite-int16x8",
    purpose="8-bit weights where int8 loses too much",
    path="tflite/int16x8.tflite",
    budget=_budgets.INT16X8,
    convert=write_int16x8,
    engines=(litert.ENGINE,),
)
