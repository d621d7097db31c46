"""How many pictures a model is run on at a time."""

import pytest

from train.console.quiet import import_tensorflow
from train.model_file.output_sizes import MOST_BATCH, batch_size

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
