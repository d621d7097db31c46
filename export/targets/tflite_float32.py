"""TFLite, float32 throughout."""

from functools import partial

from export.runtimes import litert
from export.target import Target
from export.targets import _budgets
from export.targets._tflite import write_tflite
from export.targets._tflite_operations import refusal

TARGET = Target(
    name="tflite-float32",
    purpose="phones: exact",
    path="tflite/float32.tflite",
    budget=_budgets.FLOAT32,
    convert=partial(write_tflite, optimize=False),
    engines=(litert.ENGINE,),
    refusal=refusal,
)
