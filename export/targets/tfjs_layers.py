"""TensorFlow.js layers model, float32 weights."""

from export.runtimes import tfjs
from export.target import Target
from export.targets import _budgets
from export.targets._layers import refusal, write_layers_model

TARGET = Target(
    name="tfjs-layers",
    purpose="pages that go on training or look inside: Keras layers in TF.js",
    path="tfjs/layers",
    budget=_budgets.FLOAT32,
    convert=write_layers_model,
    engines=tfjs.LAYERS,
    refusal=refusal,
)
