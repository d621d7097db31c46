"""The input pipeline: the training images, shuffled and augmented differently in each epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from train.data.dataset import Split
from train.settings import Settings

if TYPE_CHECKING:
    import tensorflow as tf


def steps_per_epoch(images: int, batch_size: int) -> int:
    """Number of batches in an epoch; a smaller last batch is left out."""
    return max(1, images // batch_size)


def training_batches(split: Split, settings: Settings, first_epoch: int = 0) -> tf.data.Dataset:
    """An endless sequence of batches, of which `steps_per_epoch` make an epoch.

    The batches of an epoch depend only on the seed and the epoch's number, so a run can be resumed at any
    epoch.

    Args:
        split: The training split; if it is smaller than a batch, it is one batch.
        settings: Batch size, seed and augmentation.
        first_epoch: The first epoch, counted from 0.

    Returns:
        Batches of (float32 images 0..255, class numbers).
    """
    import tensorflow as tf
    from tensorflow.random import experimental as random

    from train.data.augment import distort, strength_in

    count, steps = len(split), steps_per_epoch(len(split), settings.batch_size)
    size = min(settings.batch_size, count)
    with tf.device("CPU"):  # even if there is a GPU: batches are assembled on the CPU
        images, labels = tf.constant(split.images), tf.constant(split.labels)

    def one_epoch(epoch: tf.Tensor) -> tf.data.Dataset:
        epoch_seed = random.stateless_fold_in(tf.constant([settings.seed, 0], tf.int64), epoch)
        order = random.stateless_shuffle(tf.range(count), epoch_seed)
        rows = tf.data.Dataset.from_tensor_slices(tf.reshape(order[: steps * size], (steps, size)))
        strength = strength_in(epoch, settings.epochs)
        return rows.enumerate().map(
            lambda step, row: (row, random.stateless_fold_in(epoch_seed, step), strength)
        )

    def one_batch(rows: tf.Tensor, batch_seed: tf.Tensor, strength: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        pictures = tf.cast(tf.gather(images, rows), tf.float32)
        if settings.augment:
            pictures = distort(pictures, batch_seed, strength, settings.elastic)
        return pictures, tf.gather(labels, rows)

    epochs = tf.data.Dataset.range(first_epoch, tf.int64.max)
    return epochs.flat_map(one_epoch).map(one_batch).prefetch(2)
