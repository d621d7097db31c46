"""TFLite, 8-bit weights and activations, float32 in and out."""

from functools import partial

from export.runtimes import litert
from export.target import Target
from export.targets import _budgets
from export.targets._tflite import write_tflite
from export.targets._tflite_operations import refusal_of_int8

TARGET = Target(
    name="tflite-int8",
    purpose="phones: small and fast, float in and out",
    path="tflite/int8.tflite",
    budget=_budgets.CALIBRATED_8_BIT,
    convert=partial(write_tflite, operations="TFLITE_BUILTINS_INT8"),
    engines=(litert.ENGINE,),
    refusal=refusal_of_int8,
)
