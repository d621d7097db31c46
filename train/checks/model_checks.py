"""Checks of a model on its data, without training it: shapes, the first loss, gradients, dead ReLUs.

No check changes the model that it is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from train.checks.finding import Finding, failed, passed
from train.checks.short_training import BATCH, EVALUATED, answers_to, copy_of
from train.data.dataset import Split

if TYPE_CHECKING:
    import keras

# Standard deviation of what reaches the first layer that weighs its inputs. MNIST's grey levels have 78.6;
# divided by 255 they have 0.31, divided twice 0.0012.
SCALES = (0.02, 20.0)
# Share of ln(classes) by which the loss may differ from it before training. Of 16 fresh models of ours on
# MNIST and on pen digits the worst differed by 0.01.
FIRST_LOSS_TOLERANCE = 0.25
SMALLEST_GRADIENT = 1e-8  # float32 noise; the weakest layer of a fresh model of ours has 1e-3
MOST_DEAD = 0.5  # of a layer's ReLUs; a fresh layer of ten may well have one


def check_layers_fit(model: keras.Model, splits: Mapping[str, Split]) -> Finding:
    """The model takes these pictures and has an output for each class."""
    classes = 1 + max(int(split.labels.max()) for split in splits.values())
    shape = splits["train"].images.shape[1:]
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        return failed(
            f"{len(model.inputs)} inputs and {len(model.outputs)} outputs",
            "a classifier takes one picture and gives one row of probabilities",
        )
    takes, gives = tuple(model.inputs[0].shape[1:]), tuple(model.outputs[0].shape[1:])
    if takes != shape:
        return failed(
            f"the model takes {takes}, the pictures have {shape}",
            f"begin the model with keras.Input({shape})",
        )
    if gives != (classes,):
        return failed(
            f"the model gives {gives}, the labels have {classes} classes",
            f"wrong last layer: end the model with Dense({classes}, activation='softmax')",
        )
    return passed(f"{takes} in, {gives} out for {classes} classes")


def check_probabilities(model: keras.Model, images: NDArray[Any]) -> Finding:
    """Each answer is a row of probabilities: a softmax at the end."""
    answers = answers_to(model, images[:EVALUATED])
    last = getattr(getattr(model.layers[-1], "activation", None), "__name__", "none")
    found = f"answers sum to {_span(answers.sum(axis=1))}, last activation: {last}"
    if not np.isfinite(answers).all():
        return failed("the answers are NaN or infinite", "the weights are no numbers: train anew, slower")
    if answers.min() < 0 or np.abs(answers.sum(axis=1) - 1).max() > 1e-3:
        return failed(
            found, f"wrong last layer: end the model with Dense({answers.shape[1]}, activation='softmax')"
        )
    return passed(found)


def check_scale(model: keras.Model, images: NDArray[Any]) -> Finding:
    """What reaches the first layer with a kernel is neither as large as grey levels nor next to nothing."""
    import keras

    first = next((layer for layer in model.layers if any(w.ndim > 1 for w in layer.trainable_weights)), None)
    if first is None:
        return failed("no layer has weights to train", "add layers with weights, or set trainable = True")
    copy = copy_of(model)
    before = keras.Model(copy.inputs[0], copy.get_layer(first.name).input)
    # As in training: a batch normalisation in front scales by the batch itself.
    reaching = np.asarray(before(images[:500].astype(np.float32), training=True))
    spread, low, high = float(reaching.std()), float(reaching.min()), float(reaching.max())
    found = f"{low:.3g}..{high:.3g} reaches '{first.name}', standard deviation {spread:.3g}"
    if spread > SCALES[1]:
        return failed(found, "unscaled inputs: put layers.Rescaling(1/255) first in the model")
    if spread < SCALES[0]:
        return failed(
            found,
            "the inputs are scaled to next to nothing: where the pictures are in 0..1 already, and the model "
            "rescales them again, give it grey levels 0..255",
        )
    return passed(found)


def check_first_loss(model: keras.Model, split: Split) -> Finding:
    """An untrained model is undecided: its cross-entropy is near ln(classes).

    Args:
        model: Untrained.
        split: Some of its pictures are asked about.
    """
    labels = split.labels[:EVALUATED]
    answers = answers_to(model, split.images[:EVALUATED])
    expected = log(answers.shape[1])
    loss = float(-np.log(np.maximum(answers[np.arange(len(labels)), labels], 1e-30)).mean())
    found = f"{loss:.3f}, expected ln {answers.shape[1]} = {expected:.3f}"
    if loss > expected * (1 + FIRST_LOSS_TOLERANCE):
        return failed(
            found, "the model is sure of wrong answers: scale its inputs, or begin with smaller weights"
        )
    if not loss >= expected * (1 - FIRST_LOSS_TOLERANCE):  # NaN too
        return failed(
            found,
            "an untrained model can't know answers: end it with a softmax, and see that it begins untrained",
        )
    return passed(found)


def check_gradients(model: keras.Model, split: Split) -> Finding:
    """Each layer's weights get a gradient that is neither nothing nor infinite."""
    import keras
    import tensorflow as tf

    copy = copy_of(model)
    images = split.images[: 4 * BATCH].astype(np.float32)
    with tf.GradientTape() as tape:
        answers = copy(images, training=True)
        loss = tf.reduce_mean(
            keras.losses.sparse_categorical_crossentropy(split.labels[: 4 * BATCH], answers)
        )
    weights = copy.trainable_variables
    gradients = tape.gradient(loss, [weight.value for weight in weights])
    largest: dict[str, float] = {}
    for weight, gradient in zip(weights, gradients, strict=True):
        layer = weight.path.rpartition("/")[0]
        size = 0.0 if gradient is None else float(np.abs(np.asarray(tf.convert_to_tensor(gradient))).max())
        largest[layer] = float(np.fmax(largest.get(layer, 0.0), size)) if np.isfinite(size) else np.inf
    exploded = [layer for layer, size in largest.items() if size == np.inf]
    if exploded:
        return failed(
            f"no finite gradient in {', '.join(exploded)}",
            "the loss explodes: scale the inputs, check the end",
        )
    cut_off = [layer for layer, size in largest.items() if size < SMALLEST_GRADIENT]
    if cut_off:
        dead = sum(count for count, _ in _dead_relus(model, split.images).values())
        cause = f"{dead} ReLUs are dead: begin with biases of 0 and " if dead else "look for saturation: "
        return failed(
            f"no gradient reaches {', '.join(cut_off)}",
            f"{cause}'he_normal' or 'glorot_uniform' kernels, and scale the inputs",
        )
    weakest = min(largest, key=lambda layer: largest[layer])
    return passed(f"{len(largest)} layers have one, the weakest '{weakest}' up to {largest[weakest]:.1e}")


def check_relus(model: keras.Model, images: NDArray[Any]) -> Finding:
    """Most ReLUs of each layer answer to some picture. Layers within a nested model are not looked into."""
    counts = _dead_relus(model, images)
    if not counts:
        return passed("the model has none")
    dead = ", ".join(f"{count} of {units} in '{name}'" for name, (count, units) in counts.items() if count)
    if any(count > MOST_DEAD * units for count, units in counts.values()):
        return failed(
            f"dead on all pictures: {dead}",
            "dead ReLUs can't learn any more: lower the learning rate, begin with biases of 0, scale the "
            "inputs, or take leaky_relu",
        )
    total = sum(units for _, units in counts.values())
    return passed(f"dead on all pictures: {dead}" if dead else f"none of {total} dead")


def _dead_relus(model: keras.Model, images: NDArray[Any]) -> dict[str, tuple[int, int]]:
    """Of each layer with ReLUs, how many are 0 on every picture, and how many there are.

    A unit is a neuron, or a channel of a convolution: dead is one that is 0 everywhere.
    """
    import keras

    layers = [layer for layer in model.layers if _is_relu(layer)]
    if not layers:
        return {}
    answers = keras.Model(model.inputs[0], [layer.output for layer in layers])
    active = [np.zeros(layer.output.shape[-1], bool) for layer in layers]
    for start in range(0, min(len(images), EVALUATED), 500):
        outputs = answers(images[start : start + 500].astype(np.float32), training=False)
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
