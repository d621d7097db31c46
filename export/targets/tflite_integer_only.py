"""TFLite, 8-bit throughout: pixel bytes in, probability bytes out."""

from functools import partial

from export.runtimes import litert
from export.target import Target
from export.targets import _budgets
from export.targets._tflite import write_tflite

TARGET = Target(
    name="tflite-integer-only",
    purpose="microcontrollers and NPUs: bytes in, bytes out",
    path="tflite/integer-only.tflite",
    budget=_budgets.CALIBRATED_8_BIT,
    convert=partial(write_tflite, operations="TFLITE_BUILTINS_INT8", io="uint8"),
    engines=(litert.ENGINE,),
)
