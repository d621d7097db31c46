"""The input pipeline: the training pictures, shuffled and distorted anew each epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from train.data.dataset import Split

if TYPE_CHECKING:
    import tensorflow as tf


def steps_per_epoch(pictures: int, batch_size: int) -> int:
    """How many batches an epoch has; a last, smaller one is left out."""
    return max(1, pictures // batch_size)


def training_batches(
    split: Split,
    batch_size: int,
    seed: int,
    *,
    augment: bool = True,
    elastic: float = 0.0,
    first_epoch: int = 0,
) -> tf.data.Dataset:
    """The batches of one epoch after the other, without end: `steps_per_epoch` of them are an epoch.

    What an epoch's batches hold depends on the seed and its number alone, not on those before it, so a run
    can be resumed at any epoch.

    Args:
        split: The pictures.
        batch_size: Pictures a batch; all of them where there are fewer.
        seed: Of the order and the distortion.
        augment: Whether to distort the pictures, see `train.data.augment`.
        elastic: How far in an elastic way too, in pixels.
        first_epoch: The epoch to begin with, from 0.

    Returns:
        Batches of (float32 images 0..255, class numbers).
    """
    import tensorflow as tf
    from tensorflow.random import experimental as random

    from train.data.augment import distort

    count, steps = len(split), steps_per_epoch(len(split), batch_size)
    size = min(batch_size, count)
    with tf.device("CPU"):  # beside a GPU too: that is where batches are put together
        images, labels = tf.constant(split.images), tf.constant(split.labels)

    def one_epoch(epoch: tf.Tensor) -> tf.data.Dataset:
        epoch_seed = random.stateless_fold_in(tf.constant([seed, 0], tf.int64), epoch)
        order = random.stateless_shuffle(tf.range(count), epoch_seed)
        rows = tf.data.Dataset.from_tensor_slices(tf.reshape(order[: steps * size], (steps, size)))
        return rows.enumerate().map(lambda step, row: (row, random.stateless_fold_in(epoch_seed, step)))

    def one_batch(rows: tf.Tensor, batch_seed: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        pictures = tf.cast(tf.gather(images, rows), tf.float32)
        return distort(pictures, batch_seed, elastic) if augment else pictures, tf.gather(labels, rows)

    epochs = tf.data.Dataset.range(first_epoch, tf.int64.max)
    return epochs.flat_map(one_epoch).map(one_batch).prefetch(2)
