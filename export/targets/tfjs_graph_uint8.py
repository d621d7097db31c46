"""TensorFlow.js graph model, weights stored as uint8."""

from functools import partial

from export.runtimes import tfjs
from export.target import Target
from export.targets import _budgets
from export.targets._graph import refusal, write_graph_model

TARGET = Target(
    name="tfjs-graph-uint8",
    purpose="pages: a third of the download, computed in float32",
    path="tfjs/graph-uint8",
    budget=_budgets.WEIGHTS_8_BIT,
    convert=partial(write_graph_model, weights="uint8"),
    engines=tfjs.GRAPH,
    refusal=refusal,
)
