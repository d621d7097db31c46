"""Layers that only building them shows to be hostile: too large, or of names that TensorFlow refuses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.export.hostile.hostile_models import Workshop, setting

pytestmark = pytest.mark.integration  # each model is built by whole commands


def blown_up(layers: list[Any]) -> None:
    """There and back again, without a weight."""
    size, back = {"name": "up", "size": [3000, 3000]}, {"name": "down", "pool_size": [3000, 3000]}
    layers[1:1] = [
        {"class_name": "UpSampling2D", "config": size},
        {"class_name": "MaxPooling2D", "config": back},
    ]


def layer(class_name: str, **config: Any) -> dict[str, Any]:
    module = {"class_name": class_name, "module": "keras.layers", "registered_name": None}
    return {**module, "config": {"name": class_name.lower(), **config}}


def inserted(*layers: dict[str, Any]) -> Callable[[list[Any]], None]:
    """Puts layers behind the input, each with a name of its own."""
    named = [{**one, "config": {**one["config"], "name": f"x{at}"}} for at, one in enumerate(layers)]
    return lambda found: found.__setitem__(slice(1, 1), named)


ORTHOGONAL = {
    "kernel_initializer": {"class_name": "Orthogonal", "module": "keras.initializers", "config": {}}
}
WIDE = inserted(
    layer("Flatten"),
    *[layer("Dense", units=7000, **ORTHOGONAL)] * 2,
    layer("Dense", units=64),
    layer("Reshape", target_shape=[8, 8, 1]),  # as the rest was built for
)


def long_loop(workshop: Workshop) -> Path:
    """A whole model with an LSTM of 16,000 steps, unrolled."""
    import keras

    path = workshop.folder / "long.h5"
    up, rows = keras.layers.UpSampling2D((2000, 1)), keras.layers.Reshape((16000, 8))
    lstm, last = keras.layers.LSTM(3, unroll=True), keras.layers.Dense(3, activation="softmax")
    keras.Sequential([keras.Input((8, 8, 1)), up, rows, lstm, last]).save(path)
    return path


BUILT: dict[str, tuple[Callable[[Workshop], Path], str]] = {
    "3,000,000 neurons": (
        lambda s: s.h5_config("million", setting(3, units=3_000_000)),
        "found layers that claim",
    ),
    "two layers of 7,000 orthogonal neurons in .h5": (
        lambda s: s.h5_config("wide", WIDE),
        "found layers that claim 199,641,212",
    ),
    "the same in .keras": (lambda s: s.keras_config("wide", WIDE), "found layers that claim 199,641,212"),
    "an LSTM of 16,000 steps, unrolled": (long_loop, "build them with unroll=False"),
    "400 layers, of which Keras builds all for each": (
        lambda s: s.keras_config("crowd", inserted(*[layer("ReLU")] * 400)),
        "at most 2,500 calls of layers",
    ),
    "picture blown up 3,000 times": (
        lambda s: s.h5_config("blown", blown_up),
        "layers of at most 4,000,000 numbers for a picture",
    ),
}


@pytest.mark.parametrize(("module", "command"), [("export", "all"), ("train", "evaluate")])
def test_what_only_keras_can_tell_is_bounded_too(
    module: str, command: str, workshop: Workshop, data: Path, run_all: Callable[..., Any], tmp_path: Path
) -> None:
    lines = [[command, "--model", make(workshop), "--data", data] for make, _ in BUILT.values()]
    for outcome, (_, saying) in zip(run_all(module, lines, tmp_path), BUILT.values(), strict=True):
        print(f"{outcome.megabytes:.0f} MB: {outcome.complaint[:200]}")
        outcome.refused(saying=saying)
    assert not list(tmp_path.iterdir())


NAMES = ["a b", "é", "a\n\x1b[31mb", "<script>", "../x", ".."]


def test_layers_of_odd_names_are_renamed(
    workshop: Workshop, data: Path, run_all: Callable[..., Any], tmp_path: Path
) -> None:
    models = [
        workshop.h5_config(f"named{number}", setting(1, name=name)) for number, name in enumerate(NAMES)
    ]
    lines = [["evaluate", "--model", model, "--data", data] for model in models]
    for outcome in run_all("train", lines, tmp_path):
        assert outcome.status == 0, outcome
    assert not list(tmp_path.iterdir())


def test_names_that_only_look_odd_lead_nowhere(
    workshop: Workshop, data: Path, run_all: Callable[..., Any], tmp_path: Path
) -> None:
    def rename(layers: list[Any]) -> None:
        setting(1, name="..")(layers)
        setting(2, name="x" * 5000)(layers)

    model = workshop.h5_config("dots", rename)
    wanted = ["--target", "tflite-float32", "--scale", "0..255"]  # it is untrained
    line = ["all", "--model", model, "--data", data, *wanted, "--out", tmp_path / "out"]
    (outcome,) = run_all("export", [line], tmp_path)
    assert outcome.status == 0, outcome
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert [path.name for path in (tmp_path / "out" / "tflite").iterdir()] == ["float32.tflite"]
