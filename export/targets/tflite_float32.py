"""TFLite, float32 throughout."""

from export.runtimes import litert
from export.target import Target
from export.targets import _budgets
from export.targets._tflite_float import write_float_model
from export.targets._tflite_operations import refusal

TARGET = Target(
    name="tflite-float32",
    purpose="phones: exact",
    path="tflite/float32.tflite",
    budget=_budgets.FLOAT32,
    convert=write_float_model,
    engines=(litert.ENGINE,),
    refusal=refusal,
)
