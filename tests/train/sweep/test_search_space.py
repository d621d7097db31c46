"""What a sweep draws can be trained, by the command that it prints."""

import shlex

import pytest

from train.commands.fit import fit as fit_cli
from train.settings import OPTIMIZERS, preset
from train.sweep.report import fit_command
from train.sweep.search_space import draw_settings


def drawn(base, seed):
    """Settings that a sweep might draw."""
    import keras_tuner

    space = keras_tuner.HyperParameters()
    draw_settings(space, base)
    space.values = {one.name: one.random_sample(seed + number) for number, one in enumerate(space.space)}
    return draw_settings(space, base)


@pytest.mark.parametrize("model", ["mlp", "cnn"])
def test_every_draw_can_be_trained_by_its_command(model):
    from train.contract import InputContract
    from train.network.architectures import build_model

    base = preset("default", model, epochs=2, seed=5)
    draws = [drawn(base, seed) for seed in range(40)]
    assert len({draw.optimizer for draw in draws}) == len(OPTIMIZERS)
    assert len({draw.hidden if model == "mlp" else draw.convolutions for draw in draws}) > 5
    for draw in draws:
        _, _, _, command, *words = shlex.split(fit_command(draw, "my data.npz"))
        given = fit_cli.make_context(command, words).params
        named = {name: value for name, value in given.items() if name in draw.to_json() and value is not None}
        assert preset("default", **named) == draw
        assert given["data"] == "my data.npz"
        assert 1e-4 <= draw.rate <= 0.1
    largest = max(build_model(draw, InputContract()).count_params() for draw in draws[:8])
    assert largest < 500_000
