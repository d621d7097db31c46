"""TFLite, 8-bit throughout: pixel bytes in, probability bytes out."""

from functools import partial

from export.runtimes import litert
from export.target import Target
from export.targets import _budgets
from export.targets._tflite import write_tflite
from export.targets._tflite_operations import refusal_of_int8

TARGET = Target(
    name="tflite-integer-only",
    purpose="microcontrollers and NPUs: bytes in, bytes out",
    path="tflite/integer-only.tflite",
    budget=_budgets.CALIBRATED_8_BIT,
    convert=partial(write_tflite, operations="TFLITE_BUILTINS_INT8", io="uint8"),
    engines=(litert.ENGINE,),
    refusal=refusal_of_int8,
)
