"""Scales of pixels: the same in NumPy, in the graph and in Keras's own preprocessing."""

import numpy as np
import pytest

from export.reference.pixel_scale import SCALES, PixelScale
from export.reference.scale_option import NAMES, standardisation
from train.console.quiet import import_tensorflow

import_tensorflow()
import keras  # noqa: E402  after its start-up messages

PICTURES = np.random.default_rng(0).integers(0, 256, (4, 6, 5, 3)).astype(np.uint8)
BY_NAME = {scale.name: scale for scale in SCALES}


@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale.name)
def test_the_graph_scales_as_numpy_does(scale: PixelScale) -> None:
    given = keras.Input((6, 5, 3))
    graph = keras.Model(given, keras.layers.Activation("linear")(scale.apply_in_graph(given)))
    found = graph.predict(PICTURES.astype(np.float32), verbose=0)
    np.testing.assert_allclose(found, scale.apply(PICTURES), rtol=1e-6, atol=2e-5)


@pytest.mark.parametrize(
    ("name", "mode"), [("-1..1", "tf"), ("imagenet-torch", "torch"), ("imagenet-caffe", "caffe")]
)
def test_scales_of_keras_applications_are_theirs(name: str, mode: str) -> None:
    expected = keras.applications.imagenet_utils.preprocess_input(PICTURES.astype(np.float32), mode=mode)
    np.testing.assert_allclose(BY_NAME[name].apply(PICTURES), expected, rtol=1e-5, atol=2e-5)


def test_only_colours_have_the_scales_of_colours() -> None:
    assert [scale.name for scale in SCALES if scale.fits(1)] == ["0..255", "0..1", "-1..1"]


def test_scales_are_those_that_the_command_line_knows() -> None:
    assert tuple(scale.name for scale in SCALES) == NAMES


@pytest.mark.parametrize(
    ("name", "mean", "deviation"),
    [
        ("33.3/78.6", 33.3, 78.6),
        ("255/-255", 255, -255),
        ("125.3,123,113.9/63,62.1,66.7", [125.3, 123, 113.9], [63, 62.1, 66.7]),
        ("1e2,3,4/255", [100, 3, 4], 255),
    ],
)
def test_pixels_may_be_standardised(name: str, mean: float, deviation: float) -> None:
    scale = PixelScale.named(name)
    assert scale is not None
    np.testing.assert_allclose(
        scale.apply(PICTURES), (PICTURES - np.array(mean)) / np.array(deviation), rtol=1e-5, atol=1e-5
    )
    given = keras.Input((6, 5, 3))
    graph = keras.Model(given, keras.layers.Activation("linear")(scale.apply_in_graph(given)))
    np.testing.assert_allclose(
        graph.predict(PICTURES.astype(np.float32), verbose=0), scale.apply(PICTURES), rtol=1e-5, atol=2e-5
    )


@pytest.mark.parametrize(
    "name", ["", "/", "1", "1/0", "1/nan", "inf/2", "1,2/3", "1,2,3,4/5", "1,2,3/4,5", "1/2/3", "a/b"]
)
def test_anything_else_is_no_standardisation(name: str) -> None:
    assert standardisation(name) is None
    assert PixelScale.named(name) is None
