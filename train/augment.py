"""Random affine distortion: each picture a little shifted, turned, slanted and scaled."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tensorflow as tf

SHIFT = 2.0  # pixels either way
TURN = 0.17  # radians either way, about 10 degrees
SLANT = 0.17  # tangent of the slant, either way
SCALE = 0.12  # share either way, height and width apart


def distort(images: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Distort each picture of a batch by an affine map of its own.

    Args:
        images: Shape (batch, height, width, channels), float32, paper 0.
        seed: Shape (2,), int64; the same seed gives the same distortion.

    Returns:
        Pictures of the same shape; what comes in from outside is paper.
    """
    import tensorflow as tf

    count = tf.shape(images)[0]
    middle = [(side - 1) / 2 for side in images.shape[1:3]]
    r = tf.random.stateless_uniform((6, count), seed, -1.0, 1.0)
    turn, slant = r[0] * TURN, r[1] * SLANT
    tall, wide = 1 + r[2] * SCALE, 1 + r[3] * SCALE
    # Target (x, y) -> source (a x + b y + c, d x + e y + f), about the middle of the picture.
    cos, sin = tf.cos(turn), tf.sin(turn)
    a, b = wide * cos, wide * (slant * cos - sin)
    d, e = tall * sin, tall * (slant * sin + cos)
    y0, x0 = middle
    c = x0 - a * x0 - b * y0 + r[4] * SHIFT
    f = y0 - d * x0 - e * y0 + r[5] * SHIFT
    zero = tf.zeros_like(a)
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=images,
        transforms=tf.stack([a, b, c, d, e, f, zero, zero], axis=1),
        output_shape=tf.shape(images)[1:3],
        interpolation="BILINEAR",
        fill_mode="CONSTANT",
        fill_value=0.0,
    )
