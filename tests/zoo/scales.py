"""The scales of pixels, and the forms of data, in which people train the same few networks."""

from functools import partial

import keras
from keras import layers as L  # noqa: N812

from export.pipeline.reading import Reading
from tests.zoo import data_forms
from tests.zoo.authors import Made
from tests.zoo.networks import GREY, bare, colourful, convolutional, head, sequential
from tests.zoo.pictures import around_zero, as_torch, colour, divided
from tests.zoo.zoo import Case, Zoo

DIVIDED = Made(bare, feed=divided)


def normalized() -> keras.Model:
    return sequential(GREY, partial(L.BatchNormalization, momentum=0.8), head)()


SCALES: Zoo = {
    "0..1": Case(DIVIDED, scale="0..1"),
    "0..1 in an h5": Case(Made(bare, feed=divided, file="model.h5"), scale="0..1"),
    "-1..1": Case(Made(bare, feed=around_zero), scale="-1..1"),
    "0..255, logits in the thousands": Case(Made(bare)),
    "BatchNormalization first, of 0..1": Case(Made(normalized, feed=divided), scale="0..1"),
    "BatchNormalization first, of 0..255": Case(Made(normalized)),
    "0..1 in colour": Case(Made(colourful, colour, divided), scale="0..1"),
    "imagenet-torch, as named": Case(
        Made(colourful, colour, as_torch), scale="imagenet-torch", reading=Reading("imagenet-torch")
    ),
    "untrained": Case(
        Made(bare, train=False), refused="name the scale that it was trained on with --scale", quick=True
    ),
    "untrained, as named": Case(
        Made(bare, feed=around_zero, train=False), scale="-1..1", reading=Reading("-1..1")
    ),
}

DATA: Zoo = {
    "floats of 0..1": Case(DIVIDED, data_forms.from_0_to_1, scale="0..1"),
    "floats of 0..255": Case(DIVIDED, data_forms.as_floats, scale="0..1"),
    "with a channel": Case(DIVIDED, data_forms.with_channel, scale="0..1"),
    "rows": Case(Made(convolutional), data_forms.as_rows),
    "int64": Case(DIVIDED, data_forms.as_wide_integers, scale="0..1"),
    "unnamed arrays": Case(DIVIDED, data_forms.unnamed, scale="0..1"),
    "otherwise named arrays": Case(DIVIDED, data_forms.otherwise_named, scale="0..1"),
    "one-hot labels": Case(DIVIDED, data_forms.one_hot, scale="0..1"),
    "labels from 1": Case(DIVIDED, data_forms.from_1, scale="0..1"),
    "names as labels": Case(DIVIDED, data_forms.named, scale="0..1"),
    "labels in a column": Case(DIVIDED, data_forms.in_a_column, scale="0..1"),
    "few pictures": Case(DIVIDED, data_forms.few, scale="0..1"),
    "noise": Case(Made(convolutional), None),
}
