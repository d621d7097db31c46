"""TensorFlow.js graph model, float32 weights."""

from export.runtimes import tfjs
from export.target import Target
from export.targets import _budgets
from export.targets._graph import refusal, write_graph_model

TARGET = Target(
    name="tfjs-graph",
    purpose="pages: exact",
    path="tfjs/graph",
    budget=_budgets.FLOAT32,
    convert=write_graph_model,
    engines=tfjs.GRAPH,
    refusal=refusal,
)
