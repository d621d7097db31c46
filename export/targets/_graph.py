"""TensorFlow.js graph models: a frozen, folded graph and its weights, by tensorflowjs's own passes."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from export.errors import ConversionError
from export.target import Source
from export.targets._graph_frozen import NodeDef, SignatureDef, checksum, frozen_graph
from export.targets._graph_fused import fused_graph
from export.targets._layer_paths import layer_of
from export.targets._tensorflowjs import converter, folder
from train.console.text import one_line

if TYPE_CHECKING:
    import keras

WAY_OUT = "leave it out by naming the other targets with --target"
# What TF.js runs by `executeAsync` alone, not by the `predict` that pages call.
ASYNCHRONOUS = ("control", "dynamic")
# What tensorflowjs lets pass though TF.js's wasm backend has no kernel for it, or one that is wrong.
WITHOUT_KERNEL = frozenset(
    {
        *("Complex", "ComplexAbs", "Einsum", "FFT", "IFFT", "IRFFT", "Imag", "RFFT", "Real"),
        *("RaggedGather", "RaggedRange", "RaggedTensorToTensor", "StaticRegexReplace"),
        "MaxPool3D",  # another result than the cpu backend's, for windows of 2x2x1
    }
)


def write_graph_model(source: Source, path: Path, *, weights: str | None = None) -> None:
    """Write `model.json` and its shards into folder `path`.

    Args:
        source: The model.
        path: The folder, made if it is missing.
        weights: Type that the weights are stored in, `float16` or `uint8`; None for float32. TF.js decodes
            them on load.

    Raises:
        ConversionError: If TensorFlow.js can't run the model, or tensorflowjs can't convert it.
    """
    from train.console.quiet import quiet

    lacking = refusal(source)
    if lacking:
        raise ConversionError(f"expected a model that TensorFlow.js can run, found that {lacking}: {WAY_OUT}")
    path.mkdir(parents=True, exist_ok=True)
    try:
        with quiet():
            _write(source.model, path / "model.json", weights)
    except Exception as error:  # tensorflowjs raises whatever lies beneath it
        reason = one_line(str(error).strip().split("\n")[-1] or error)
        raise ConversionError(
            f"expected a model that tensorflowjs can convert, found one that it can't ({reason}): {WAY_OUT}"
        ) from error


def _write(model: keras.Model, model_json: Path, weights: str | None) -> None:
    import tensorflow as tf

    topology, values, signature = _fused(model, checksum(model))
    converter().write_artifacts(
        topology,
        values,
        str(model_json),
        tf.__version__,
        signature,
        quantization_dtype_map={weights: "*"} if weights else None,
    )
    # The converter's key order changes from run to run; sorted, the same model gives the same bytes.
    text = json.dumps(json.loads(model_json.read_bytes()), sort_keys=True, separators=(",", ":"))
    model_json.write_text(text, encoding="utf-8", newline="\n")


@lru_cache(maxsize=1)  # three targets store the same weights in different types
def _fused(model: keras.Model, _checksum: int) -> tuple[dict[str, Any], list[Any], SignatureDef]:
    """The fused graph as JSON has it, its weights, and its signature."""
    from google.protobuf.json_format import MessageToDict

    frozen, signature = frozen_graph(model)
    graph = fused_graph(frozen, signature)
    values = converter().extract_weights(graph)  # it leaves their shapes alone in the graph
    return MessageToDict(graph), values, signature


def refusal(source: Source) -> str | None:
    """Why TensorFlow.js can't run a model as a graph, by operation and layer; None where it can."""
    return _refusal(source.model)


@lru_cache(maxsize=1)  # three targets ask
def _refusal(model: keras.Model) -> str | None:
    from train.console.quiet import quiet

    with quiet():
        graph, _ = frozen_graph(model)
    reasons = {node.name: _lacking(node) for node in graph.node}
    first = min((name for name, reason in reasons.items() if reason), default=None)
    return first and f"TensorFlow.js {reasons[first]} ({layer_of(first, model)})"


def _lacking(node: NodeDef) -> str | None:
    if node.op == "Conv2DBackpropInput" and set(node.attr["dilations"].list.i) > {1}:
        return "ignores the dilation of a transposed convolution"
    if node.op in _operations(*ASYNCHRONOUS):
        return "runs no loops in its `predict`"
    if node.op not in _operations() or node.op in WITHOUT_KERNEL:
        return f"runs no {node.op} operation"
    return None


@cache
def _operations(*lists: str) -> frozenset[str]:
    """The operations that tensorflowjs converts, of some of its lists, or of all."""
    found = (folder() / "op_list").glob("*.json")
    return frozenset(
        operation["tfOpName"]
        for file in found
        if not lists or file.stem in lists
        for operation in json.loads(file.read_text(encoding="utf-8"))
    )
