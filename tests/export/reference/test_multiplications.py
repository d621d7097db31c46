"""The multiplications of a picture: those of each layer at each place, counted by hand."""

from export.reference.multiplications import multiplications
from train.console.quiet import import_tensorflow

import_tensorflow()
import keras  # noqa: E402  after its start-up messages
from keras import layers as L  # noqa: E402, N812


def test_they_are_those_of_every_layer_with_weights() -> None:
    given = keras.Input((8, 8, 3))
    found = L.Conv2D(4, 3)(given)  # 3 x 3 x 3 x 4 numbers at 6 x 6 places
    found = L.BatchNormalization()(L.DepthwiseConv2D(3, padding="same")(found))  # 3 x 3 x 4 at 6 x 6
    found = L.Dense(2)(L.Flatten()(found))  # 144 x 2
    assert multiplications(keras.Model(given, found)) == 108 * 36 + 36 * 36 + 288


def test_a_shared_layer_counts_as_often_as_it_is_called() -> None:
    given, shared = keras.Input((5,)), L.Dense(5)
    assert multiplications(keras.Model(given, shared(shared(given)))) == 50
