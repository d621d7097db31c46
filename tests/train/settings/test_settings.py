"""Settings, presets, and how layers are written on the command line."""

import json

import click
import pytest

from train.network.layer_options import Convolutions, Hidden, written
from train.settings import MODELS, PRESETS, Convolution, Settings, preset


def test_settings_survive_json():
    settings = preset(
        "best", "cnn", hidden=(3,), convolutions=((Convolution(4, 3), Convolution(5, 7, 2, True)),)
    )
    assert Settings.from_json(json.loads(json.dumps(settings.to_json()))) == settings


def test_unknown_setting_is_refused():
    with pytest.raises(TypeError):
        Settings.from_json({"colour": "red"})


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_for_their_model(name, model):
    assert preset(name, model).model == model


@pytest.mark.parametrize("model", MODELS)
def test_presets_take_longer_the_better_they_are(model):
    """By more epochs or, in as many, more networks."""
    presets = (preset(name, model) for name in ("quick", "default", "best"))
    quick, default, best = ((found.epochs, len(found.convolutions)) for found in presets)
    assert quick < default < best


def test_what_is_given_is_other_than_in_the_preset():
    settings = preset("quick", "mlp", epochs=77, augment=True)
    assert (settings.epochs, settings.augment) == (77, True)
    assert settings.batch_size == preset("quick", "mlp").batch_size


def test_mlp_sees_mnist_alone():
    assert preset("default", "mlp").pen_share == 0
    assert not preset("default", "mlp").augment


@pytest.mark.parametrize(
    ("text", "sizes"), [("10", (10,)), ("10,10", (10, 10)), ("300, 100,10", (300, 100, 10))]
)
def test_hidden_layers_are_read(text, sizes):
    assert Hidden().convert(text, None, None) == sizes


@pytest.mark.parametrize("text", ["", "10,", "ten", "0", "-3", "1.5", "99999999"])
def test_hidden_layers_that_are_none_are_refused(text):
    with pytest.raises(click.BadParameter, match="expected sizes of layers"):
        Hidden().convert(text, None, None)


def test_convolutions_are_read_and_written():
    text = "16x5/2,24x3v,24x7d+24x3dv/2"
    convolutions = (
        (Convolution(16, 5, pool=2), Convolution(24, 3, valid=True), Convolution(24, 7, depthwise=True)),
        (Convolution(24, 3, pool=2, depthwise=True, valid=True),),
    )
    assert Convolutions().convert(text, None, None) == convolutions
    assert written(convolutions) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12",
        "12x",
        "x5",
        "12x5/0",
        "0x3",
        "12x5/2,",
        "12x5x2",
        "12*5",
        "12x5/2d",
        "12dx5",
        "12x5vd",
        "12x5+",
        "+12x5",
        "12x5++8x3",
    ],
)
def test_convolutions_that_are_none_are_refused(text):
    with pytest.raises(click.BadParameter, match="expected filters x kernel side / pooling"):
        Convolutions().convert(text, None, None)
