"""How models take a picture. Every exported model takes the same: (rows, columns, channels) in 0..255."""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
from keras import layers as L  # noqa: N812

from tests.export.reference.bars import SIDE
from tests.zoo.authors import Made
from tests.zoo.data_forms import with_channel
from tests.zoo.networks import COLOUR, GREY, convolutional, head, pooled_head, scaled, sequential
from tests.zoo.pictures import channels_first, colour, divided_rows, rows, without_channel
from tests.zoo.zoo import Case, Zoo

LACKS_GRU = {
    "tfjs-layers": "has no GRU with reset_after",
    "tflite-int16x8": "loses weights in 16 bits that are first applied to a state of 0",
}


def conv() -> keras.Layer:
    return L.Conv2D(8, 3, activation="relu")


def of_rows(*layers: Any) -> Callable[[], keras.Model]:
    """A network that reads a picture row by row."""
    last = partial(L.Dense, 4, activation="softmax")
    return sequential(GREY, scaled, partial(L.Reshape, (SIDE, SIDE)), *layers, last)


def fixed(batch: int) -> keras.Model:
    given = keras.Input(batch_shape=(batch, *GREY))
    return keras.Sequential([given, scaled(), conv(), *head()])


INPUTS: Zoo = {
    "rows, columns, channels": Case(Made(convolutional)),
    "rows and columns": Case(Made(sequential((SIDE, SIDE), scaled, head), feed=without_channel)),
    "rows and columns, reshaped inside": Case(
        Made(sequential((SIDE, SIDE), scaled, partial(L.Reshape, GREY), conv, head), feed=without_channel)
    ),
    "one row": Case(Made(sequential((SIDE * SIDE,), scaled, head), feed=rows)),
    "one row, divided": Case(Made(sequential((SIDE * SIDE,), head), feed=divided_rows), scale="0..1"),
    "one row in colour": Case(Made(sequential((SIDE * SIDE * 3,), scaled, head), colour, rows)),
    "channels first": Case(
        Made(
            sequential((1, SIDE, SIDE), scaled, partial(L.Permute, (2, 3, 1)), conv, head),
            feed=channels_first,
        )
    ),
    "channels first in colour": Case(
        Made(
            sequential((3, SIDE, SIDE), scaled, partial(L.Permute, (2, 3, 1)), conv, head),
            colour,
            channels_first,
        )
    ),
    "open size": Case(Made(sequential((None, None, 1), scaled, conv, pooled_head))),
    "open size in colour": Case(Made(sequential((None, None, 3), scaled, conv, pooled_head), colour)),
    "batches of one": Case(Made(partial(fixed, 1), train=False)),
    "batches of 32": Case(Made(partial(fixed, 32), train=False)),
    "colour": Case(Made(sequential(COLOUR, scaled, conv, head), colour), with_channel),
    "rows for an LSTM": Case(
        Made(
            sequential((SIDE, SIDE), scaled, partial(L.LSTM, 12), partial(L.Dense, 4, activation="softmax")),
            feed=without_channel,
        )
    ),
    "LSTM": Case(Made(of_rows(partial(L.LSTM, 12))), quick=True),
    "GRU": Case(Made(of_rows(partial(L.GRU, 12))), lacking=LACKS_GRU),
    "GRU of before": Case(Made(of_rows(partial(L.GRU, 12, reset_after=False)))),
    "simple RNN": Case(Made(of_rows(partial(L.SimpleRNN, 12)))),
    "LSTM in both directions": Case(Made(of_rows(lambda: L.Bidirectional(L.LSTM(8))))),
    "two LSTMs": Case(Made(of_rows(partial(L.LSTM, 12, return_sequences=True), partial(L.LSTM, 8)))),
    "another shape": Case(
        Made(sequential((16, 16, 1), scaled, conv, head), train=False),
        refused="expected a model for pictures of shape (12, 12, 1)",
        quick=True,
    ),
    "two pictures": Case(
        Made(
            lambda: keras.Model(
                inputs := [keras.Input(GREY), keras.Input(GREY)],
                keras.Sequential(head())(L.Subtract()(inputs)),
            ),
            train=False,
        ),
        refused="expected a model of one input, a picture, found 2",
        quick=True,
    ),
}
