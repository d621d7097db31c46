"""A small network, and a learning rate with which it learns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras

RATE = 0.003


def mlp(units: int = 10, activation: str = "softmax", scale: float = 1 / 255, **hidden: Any) -> keras.Model:
    """A network of three layers, without faults by default."""
    import keras
    from keras import layers

    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Rescaling(scale),
            layers.Flatten(),
            layers.Dense(32, activation="relu", name="first", **hidden),
            layers.Dense(24, activation="relu", name="second"),
            layers.Dense(units, activation=activation, name="last"),
        ]
    )
