"""Checks of a model on its data without training: shapes, the first loss, gradients, dead ReLUs.

No check changes its model.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from train.checks.finding import Finding, failed, passed
from train.checks.short_training import BATCH, EVALUATED, copy_of, predict
from train.contract import InputContract
from train.data.dataset import Split
from train.model_file.signature import find_mismatch

if TYPE_CHECKING:
    import keras

# Limits of the standard deviation of the inputs of the first layer with weights. MNIST's grey levels have
# 78.6; divided by 255 they have 0.31, divided twice 0.0012.
SCALES = (0.02, 20.0)
# Relative deviation of an untrained model's loss from ln(classes). The largest of 16 untrained models of this
# project on MNIST and on pen digits was 0.01.
FIRST_LOSS_TOLERANCE = 0.25
SMALLEST_GRADIENT = 1e-8  # float32 noise; the weakest layer of this project's untrained models has 1e-3
MOST_DEAD = 0.5  # fraction of a layer's ReLUs; an untrained layer of ten may well have one


def check_layers_fit(model: keras.Model, splits: Mapping[str, Split]) -> Finding:
    """The model takes these images and has an output for each class."""
    classes = 1 + max(int(split.labels.max()) for split in splits.values())
    contract = InputContract.scaled_to(splits["train"].images.shape[1:], classes)
    if wrong := find_mismatch(model, contract):
        return failed(f"expected {wrong.expected}, found {wrong.found}", wrong.remedy)
    return passed(f"{contract.shape} in, ({classes},) out for {classes} classes")


def check_probabilities(model: keras.Model, images: NDArray[Any]) -> Finding:
    """Each prediction is a row of probabilities, as from a softmax."""
    predictions = predict(model, images[:EVALUATED])
    last = getattr(getattr(model.layers[-1], "activation", None), "__name__", "none")
    found = f"predictions sum to {_span(predictions.sum(axis=1))}, last activation: {last}"
    if not np.isfinite(predictions).all():
        return failed("the predictions are NaN or infinite", "train again with a lower learning rate")
    if predictions.min() < 0 or np.abs(predictions.sum(axis=1) - 1).max() > 1e-3:
        return failed(
            found, f"wrong last layer: end the model with Dense({predictions.shape[1]}, activation='softmax')"
        )
    return passed(found)


def check_scale(model: keras.Model, images: NDArray[Any]) -> Finding:
    """The inputs of the first layer with a kernel are neither as large as grey levels nor almost zero."""
    import keras

    first = next((layer for layer in model.layers if any(w.ndim > 1 for w in layer.trainable_weights)), None)
    if first is None:
        return failed("no layer has weights to train", "add layers with weights, or set trainable = True")
    copy = copy_of(model)
    before = keras.Model(copy.inputs[0], copy.get_layer(first.name).input)
    # In training mode, in which a preceding batch normalisation uses the statistics of the batch.
    reaching = np.asarray(before(images[:500].astype(np.float32), training=True))
    spread, low, high = float(reaching.std()), float(reaching.min()), float(reaching.max())
    found = f"{low:.3g}..{high:.3g} reaches '{first.name}', standard deviation {spread:.3g}"
    if spread > SCALES[1]:
        return failed(found, "unscaled inputs: put layers.Rescaling(1/255) first in the model")
    if spread < SCALES[0]:
        return failed(
            found,
            "the inputs are scaled to next to nothing: if the pictures are in 0..1 already and the model "
            "rescales them again, give it grey levels 0..255",
        )
    return passed(found)


def check_first_loss(model: keras.Model, split: Split) -> Finding:
    """An untrained model prefers no class: its cross-entropy is near ln(classes)."""
    labels = split.labels[:EVALUATED]
    predictions = predict(model, split.images[:EVALUATED])
    expected = log(predictions.shape[1])
    loss = float(-np.log(np.maximum(predictions[np.arange(len(labels)), labels], 1e-30)).mean())
    found = f"{loss:.3f}, expected ln {predictions.shape[1]} = {expected:.3f}"
    if loss > expected * (1 + FIRST_LOSS_TOLERANCE):
        return failed(
            found,
            "the model is confident in wrong predictions: scale its inputs, or start with smaller weights",
        )
    if not loss >= expected * (1 - FIRST_LOSS_TOLERANCE):  # NaN too
        return failed(
            found,
            "an untrained model can't predict classes: end it with a softmax, and check that it is untrained",
        )
    return passed(found)


def check_gradients(model: keras.Model, split: Split) -> Finding:
    """The gradients of each layer's weights are neither zero nor infinite."""
    import keras
    import tensorflow as tf

    copy = copy_of(model)
    images = split.images[: 4 * BATCH].astype(np.float32)
    with tf.GradientTape() as tape:
        predictions = copy(images, training=True)
        loss = tf.reduce_mean(
            keras.losses.sparse_categorical_crossentropy(split.labels[: 4 * BATCH], predictions)
        )
    weights = copy.trainable_variables
    gradients = tape.gradient(loss, [weight.value for weight in weights])
    largest: dict[str, float] = {}
    for weight, gradient in zip(weights, gradients, strict=True):
        layer = weight.path.rpartition("/")[0]
        size = 0.0 if gradient is None else float(np.abs(np.asarray(tf.convert_to_tensor(gradient))).max())
        largest[layer] = max(largest.get(layer, 0.0), size) if np.isfinite(size) else np.inf
    exploded = [layer for layer, size in largest.items() if size == np.inf]
    if exploded:
        return failed(
            f"no finite gradient in {', '.join(exploded)}",
            "the loss explodes: scale the inputs, and check the last layer",
        )
    cut_off = [layer for layer, size in largest.items() if size < SMALLEST_GRADIENT]
    if cut_off:
        dead = sum(count for count, _ in _dead_relus(model, split.images).values())
        cause = f"{dead} ReLUs are dead: start with biases of 0 and " if dead else "look for saturation: "
        return failed(
            f"no gradient reaches {', '.join(cut_off)}",
            f"{cause}'he_normal' or 'glorot_uniform' kernels, and scale the inputs",
        )
    weakest = min(largest, key=lambda layer: largest[layer])
    return passed(f"{len(largest)} layers have one, the weakest '{weakest}' up to {largest[weakest]:.1e}")


def check_relus(model: keras.Model, images: NDArray[Any]) -> Finding:
    """Most ReLUs of each layer respond to some image. Layers within a nested model are not checked."""
    counts = _dead_relus(model, images)
    if not counts:
        return passed("the model has none")
    dead = ", ".join(f"{count} of {units} in '{name}'" for name, (count, units) in counts.items() if count)
    if any(count > MOST_DEAD * units for count, units in counts.values()):
        return failed(
            f"dead on all pictures: {dead}",
            "dead ReLUs can't learn any more: lower the learning rate, start with biases of 0, scale the "
            "inputs, or use leaky_relu",
        )
    total = sum(units for _, units in counts.values())
    return passed(f"dead on all pictures: {dead}" if dead else f"none of {total} dead")


def _dead_relus(model: keras.Model, images: NDArray[Any]) -> dict[str, tuple[int, int]]:
    """For each layer with ReLUs, how many units are 0 on every image, and how many units there are.

    A unit is a neuron or a channel of a convolution; a dead channel is 0 everywhere.
    """
    import keras

    layers = [layer for layer in model.layers if _is_relu(layer)]
    if not layers:
        return {}
    activations = keras.Model(model.inputs[0], [layer.output for layer in layers])
    active = [np.zeros(layer.output.shape[-1], bool) for layer in layers]
    for start in range(0, min(len(images), EVALUATED), 500):
        outputs = activations(images[start : start + 500].astype(np.float32), training=False)
        for alive, output in zip(active, outputs if isinstance(outputs, list) else [outputs], strict=True):
            alive |= (np.asarray(output) > 0).any(axis=tuple(range(output.ndim - 1)))
    return {
        layer.name: (int((~alive).sum()), len(alive)) for layer, alive in zip(layers, active, strict=True)
    }


def _is_relu(layer: keras.Layer) -> bool:
    import keras

    if isinstance(layer, keras.layers.ReLU):
        return not layer.negative_slope
    return getattr(layer, "activation", None) is keras.activations.relu


def _span(values: NDArray[np.float32]) -> str:
    low, high = f"{values.min():.3g}", f"{values.max():.3g}"
    return low if low == high else f"{low} to {high}"
