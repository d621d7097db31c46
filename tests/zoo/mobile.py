"""Mobile architectures of `keras.applications`, with random weights."""

from collections.abc import Callable
from functools import cache, partial

import keras
import numpy as np
from keras import applications

from export.pipeline.reading import Reading
from tests.zoo.authors import Made
from tests.zoo.pictures import Array, Pictures, around_zero, as_they_are
from tests.zoo.zoo import Case, Zoo

SIDE, CLASSES = 64, 10
RAW, AROUND_ZERO = Reading("0..255"), Reading("-1..1")


@cache
def photographs(side: int = SIDE, test: int = 100) -> Pictures:
    """Coarse colours, enlarged; labels that nothing has learnt."""
    rng = np.random.default_rng(4)
    coarse = rng.integers(0, 256, (100 + test, 8, 8, 3)).astype(np.uint8)
    large = coarse.repeat(side // 8, axis=1).repeat(side // 8, axis=2)
    labels = rng.integers(0, CLASSES, 100 + test)
    return Pictures(large[:100], labels[:100], large[100:], labels[100:])


def spread(
    application: Callable[..., keras.Model], feed: Callable[[Array], Array], side: int = SIDE
) -> keras.Model:
    """An architecture whose normalizations know the pictures; without, it gives the same for all of them."""
    keras.utils.set_random_seed(2)
    model = application(input_shape=(side, side, 3), weights=None, classes=CLASSES)
    norms = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    momenta = [layer.momentum for layer in norms]
    for layer in norms:
        layer.momentum = 0.0
    model(feed(photographs(side).x_train), training=True)
    for layer, momentum in zip(norms, momenta, strict=True):
        layer.momentum = momentum
    return model


def untrained(application: Callable[..., keras.Model], feed: Callable[[Array], Array]) -> Made:
    return Made(partial(spread, application, feed), photographs, feed, train=False)


MOBILE: Zoo = {
    "MobileNet": Case(untrained(applications.MobileNet, around_zero), scale="-1..1", reading=AROUND_ZERO),
    "MobileNetV2": Case(untrained(applications.MobileNetV2, around_zero), scale="-1..1", reading=AROUND_ZERO),
    "MobileNetV3Small": Case(
        untrained(applications.MobileNetV3Small, as_they_are),
        reading=RAW,
        lacking={"tflite-int16x8": "TFLite has no 16-bit HARD_SWISH operation"},
    ),
    "EfficientNetB0": Case(untrained(applications.EfficientNetB0, as_they_are), reading=RAW),
    "NASNetMobile": Case(
        untrained(applications.NASNetMobile, around_zero), scale="-1..1", reading=AROUND_ZERO
    ),
}
