"""TFLite, weights stored as float16."""

from functools import partial

from export.runtimes import litert
from export.target import Target
from export.targets import _budgets
from export.targets._tflite import write_tflite
from export.targets._tflite_operations import refusal

TARGET = Target(
    name="tflite-float16",
    purpose="phones with a GPU: half the size",
    path="tflite/float16.tflite",
    budget=_budgets.FLOAT16,
    convert=partial(write_tflite, weights="float16"),
    engines=(litert.ENGINE,),
    refusal=refusal,
)
