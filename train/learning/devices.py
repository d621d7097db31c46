"""The devices that train a model: all GPUs that can process equal parts of each batch, or the CPU."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tensorflow as tf

EVALUATION_BATCH = 500  # images at most


def strategy(batch_size: int, validated: int) -> tf.distribute.Strategy:
    """The distribution strategy of a training run.

    On several GPUs, `MirroredStrategy` gives each a copy of the weights and an equal part of each batch; the
    mean of their gradients equals the gradient on a single device. It uses the largest number of GPUs that
    divides all batches evenly: two of three for training batches of 128.

    Args:
        batch_size: Images per training step, on all devices together.
        validated: Number of validation images.

    Returns:
        The default strategy if only one device can be used.
    """
    import tensorflow as tf

    # TensorFlow lists one logical CPU for all cores, unless it is configured otherwise.
    devices = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
    count = next(
        count
        for count in range(len(devices), 0, -1)
        if batch_size % count == 0 and evaluation_batch(validated, count)
    )
    if count == 1:
        return tf.distribute.get_strategy()
    return _mirrored(tuple(device.name for device in devices[:count]))


@cache
def _mirrored(devices: tuple[str, ...]) -> tf.distribute.Strategy:
    """One strategy for all models of a process: two of them would mix up their sums of gradients."""
    import tensorflow as tf

    return tf.distribute.MirroredStrategy(devices)


def evaluation_batch(images: int, devices: int) -> int | None:
    """The largest batch size, 500 at most, with which every device gets images of every batch.

    TensorFlow gives each device a full part until a smaller last batch is used up. Keras 3.15 requires equal
    parts of the first batch, and a normalised convolution on the CPU fails without any image.

    Args:
        images: Number of images to evaluate.
        devices: Number of devices that process a batch.

    Returns:
        None if there is no such size; on one device there always is one.
    """
    largest = min(EVALUATION_BATCH, images) // devices * devices
    for size in range(largest, 0, -devices):
        part, last = size // devices, images % size
        if last == 0 or last > (devices - 1) * part:
            return size
    return None
