"""How many pictures a model is run on at a time."""

from pathlib import Path

import pytest

from train.console.quiet import import_tensorflow
from train.errors import ModelError
from train.model_file.output_sizes import MOST_BATCH, batch_size, check_sizes

import_tensorflow()
import keras  # noqa: E402  after its start-up messages
from keras import layers as L  # noqa: E402, N812

INNER = keras.Sequential([keras.Input((10, 1)), L.UpSampling1D(10_000), L.GlobalMaxPooling1D()])
LARGE = {
    "a layer": [L.UpSampling2D(40), L.MaxPooling2D(40)],  # 10 x 10 x 1,600 numbers
    "a layer inside": [keras.Sequential([keras.Input((10, 10, 1)), L.UpSampling2D(40), L.MaxPooling2D(40)])],
    "one of each row": [L.Reshape((10, 10, 1)), L.TimeDistributed(INNER)],
}


@pytest.mark.parametrize("case", LARGE)
def test_it_is_chosen_by_the_largest_output(case: str) -> None:
    model = keras.Sequential([keras.Input((10, 10, 1)), *LARGE[case], L.Flatten(), L.Dense(2)])
    assert batch_size(model) < MOST_BATCH


def test_attention_counts_each_place_for_each_other() -> None:
    start = keras.Input((1000, 2))
    assert batch_size(keras.Model(start, L.MultiHeadAttention(5, 1)(start, start))) == 5


def test_small_layers_take_all() -> None:
    assert batch_size(keras.Sequential([keras.Input((4, 4, 1)), L.Flatten(), L.Dense(2)])) == MOST_BATCH


def test_a_fixed_batch_is_the_answer() -> None:
    assert batch_size(keras.Sequential([keras.Input(batch_shape=(7, 4, 4, 1)), L.Flatten(), L.Dense(2)])) == 7


UNROLLED = {
    "one": [L.LSTM(1, unroll=True)],
    "many": [L.SimpleRNN(1, unroll=True, return_sequences=True) for _ in range(30)],
    "both ways": [L.Bidirectional(L.GRU(1, unroll=True))],
    "of each row": [L.Reshape((1, 1200, 1)), L.TimeDistributed(L.SimpleRNN(1, unroll=True))],
    "inside": [keras.Sequential([keras.Input((1200, 1)), L.LSTM(1, unroll=True)])],
}


@pytest.mark.parametrize("case", UNROLLED)
def test_steps_of_unrolled_layers_are_bounded_in_all(case: str) -> None:
    steps = 40 if case == "many" else 1200
    model = keras.Sequential([keras.Input((steps, 1)), *UNROLLED[case], L.Flatten(), L.Dense(2)])
    found = "2,400" if case == "both ways" else "1,200"
    with pytest.raises(ModelError, match=f"at most 1,000 steps .* found {found}: build"):
        check_sizes(model, Path("m.h5"))


def test_few_steps_are_not_refused() -> None:
    layers = [L.Bidirectional(L.LSTM(2, unroll=True, return_sequences=True)), L.GRU(2, unroll=True)]
    check_sizes(keras.Sequential([keras.Input((28, 28)), *layers, L.Dense(2)]), Path("m.h5"))
