"""Keras's recurrent layers as TensorFlow.js has them."""

from __future__ import annotations

from typing import Any

from export.targets import _layers_activations as activations
from export.targets._layers_graph import Call, LackingError, Tensor, Translate, picked

ARGUMENTS = ("units", "use_bias", "return_sequences", "go_backwards")


def _arguments_and_weights(call: Call, layer: Any) -> tuple[dict[str, Any], list[Any]]:
    """A recurrent layer's arguments, and its weights: kernel, recurrent kernel, and bias if it has one.

    Raises:
        LackingError: If TensorFlow.js computes it otherwise.
    """
    kind = type(layer).__name__
    if kind == "GRU" and layer.reset_after:
        raise LackingError("has no GRU with reset_after, which is Keras's default")
    if layer.return_state or layer.stateful or len(call.inputs) > 1:
        raise LackingError(f"gets no states into or out of a {kind} here")
    config = picked(layer, *ARGUMENTS)
    for argument in ("activation", "recurrent_activation")[: 1 if kind == "SimpleRNN" else 2]:
        name = activations.name_of(getattr(layer, argument))
        if name not in activations.SAME:
            raise LackingError(f"has no {kind} of activation {name}")
        config[argument] = activations.SAME[name]
    return config, [cell for cell in layer.cell.weights if "seed" not in cell.name]


def _recurrent(call: Call) -> Tensor:
    config, weights = _arguments_and_weights(call, call.operation)
    named = dict(zip(("kernel", "recurrent_kernel", "bias"), weights, strict=False))
    return call.add("", type(call.operation).__name__, config, call.input, call.shape, named)


def _bidirectional(call: Call) -> Tensor:
    layer = call.operation
    kind = type(layer.forward_layer).__name__
    if kind not in ("GRU", "LSTM", "SimpleRNN") or type(layer.backward_layer) is not type(
        layer.forward_layer
    ):
        raise LackingError(f"has no Bidirectional of {kind}")
    (config, forward), (mirrored, backward) = (
        _arguments_and_weights(call, part) for part in (layer.forward_layer, layer.backward_layer)
    )
    if mirrored != {**config, "go_backwards": not config["go_backwards"]}:
        raise LackingError("has no Bidirectional of two layers that differ")
    weights = {
        f"{direction}_{kind}/{name}": values
        for direction, found in (("forward", forward), ("backward", backward))
        for name, values in zip(("kernel", "recurrent_kernel", "bias"), found, strict=False)
    }
    inner = {"class_name": kind, "config": {"name": kind, **config}}
    outer = {"layer": inner, "merge_mode": layer.merge_mode}
    return call.add("", "Bidirectional", outer, call.input, call.shape, weights)


RECURRENT: dict[str, Translate] = {
    **dict.fromkeys(("GRU", "LSTM", "SimpleRNN"), _recurrent),
    "Bidirectional": _bidirectional,
}
