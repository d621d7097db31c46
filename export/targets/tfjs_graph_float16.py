"""TensorFlow.js graph model, weights stored as float16."""

from functools import partial

from export.runtimes import tfjs
from export.target import Target
from export.targets import _budgets
from export.targets._graph import refusal, write_graph_model

TARGET = Target(
    name="tfjs-graph-float16",
    purpose="pages: half the download, computed in float32",
    path="tfjs/graph-float16",
    budget=_budgets.FLOAT16,
    convert=partial(write_graph_model, weights="float16"),
    engines=tfjs.GRAPH,
    refusal=refusal,
)
