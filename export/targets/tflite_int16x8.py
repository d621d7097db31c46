"""TFLite, 8-bit weights and 16-bit activations, float32 in and out."""

from __future__ import annotations

from functools import partial

from export.runtimes import litert
from export.targets import _budgets
from export.targets._tflite import write_tflite
from export.types import Target

TARGET = Target(
    name="tflite-int16x8",
    purpose="8-bit weights where int8 loses too much",
    path="tflite/int16x8.tflite",
    budget=_budgets.INT16X8,
    convert=partial(write_tflite, operations="EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8"),
    engines=(litert.ENGINE,),
)
