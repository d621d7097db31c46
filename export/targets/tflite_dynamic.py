"""TFLite, 8-bit weights, activations quantized as they come."""

from export.runtimes import litert
from export.target import Target
from export.targets import _budgets
from export.targets._tflite import write_tflite
from export.targets._tflite_operations import refusal

TARGET = Target(
    name="tflite-dynamic",
    purpose="phones: a third of the size, needs no calibration",
    path="tflite/dynamic.tflite",
    budget=_budgets.EIGHT_BIT,
    convert=write_tflite,
    engines=(litert.ENGINE,),
    refusal=refusal,
)
