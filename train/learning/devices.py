"""Where a model trains: on every GPU that can take an equal share, or on the CPU."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tensorflow as tf

EVALUATION_BATCH = 500  # pictures at most


def strategy(batch_size: int, validated: int) -> tf.distribute.Strategy:
    """How the devices share the work of a training run.

    With several GPUs it is a `MirroredStrategy`: each has a copy of the weights and takes an equal share of
    each batch, and the mean of their gradients is what one device would have found. As many are taken as
    share all batches evenly: two of three for training batches of 128.

    Args:
        batch_size: Pictures a training step, of all devices together.
        validated: Pictures that are validated on.

    Returns:
        The default strategy where one device is left.
    """
    import tensorflow as tf

    # TensorFlow shows one logical CPU, however many cores it uses, unless it is told to show more.
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
    """One for all models of a process: two of them would take the other's sums of gradients for their own."""
    import tensorflow as tf

    return tf.distribute.MirroredStrategy(devices)


def evaluation_batch(images: int, devices: int) -> int | None:
    """The largest batch size, 500 at most, with which every device has pictures in every batch.

    TensorFlow deals out whole shares until a smaller last batch is used up. Keras 3.15 needs the first batch
    in equal shares, and a normalised convolution on the CPU fails without any picture.

    Args:
        images: How many pictures are evaluated.
        devices: How many devices share a batch.

    Returns:
        None if there is no such size; on one device there always is.
    """
    largest = min(EVALUATION_BATCH, images) // devices * devices
    for size in range(largest, 0, -devices):
        share, last = size // devices, images % size
        if last == 0 or last > (devices - 1) * share:
            return size
    return None
