"""Models that repeat pixels twice, as decoders do: TFLite's converter has no convolution of that."""

from pathlib import Path

import numpy as np
import pytest

from export.runtimes import litert
from export.targets import named_targets
from tests.export.targets.bodies import Body, chain, rows
from tests.export.targets.small_models import model_of, pictures
from tests.export.targets.tflite_outcomes import source_of
from train.console.quiet import import_tensorflow

import_tensorflow()
from keras import layers as L  # noqa: E402, N812  after its start-up messages
from keras import ops  # noqa: E402

(FLOAT32,) = named_targets(["tflite-float32"])
UP = L.UpSampling2D(2)
BODIES: dict[str, Body] = {
    "encoder and decoder": chain(
        L.Conv2D(4, 3, padding="same"), L.MaxPooling2D(), UP, L.Conv2D(3, 3), UP, L.Conv2D(2, 3)
    ),
    "one side each": chain(L.UpSampling2D((7, 1)), L.UpSampling2D((1, 3)), L.Conv2D(4, 3)),
    "bilinear first": chain(L.UpSampling2D(2, interpolation="bilinear"), UP, UP, L.Conv2D(2, 3)),
    "channels first": chain(
        L.Permute((3, 1, 2)),
        *2 * [L.UpSampling2D((3, 2), data_format="channels_first")],
        L.Permute((2, 3, 1)),
        L.Conv2D(2, 3),
    ),
    "sequence": rows(L.UpSampling1D(2), L.UpSampling1D(3), L.Conv1D(4, 3)),
    "volume": chain(L.Reshape((8, 8, 3, 1)), L.UpSampling3D((1, 2, 3)), L.UpSampling3D(2)),
    "ops.repeat": lambda x: L.Conv2D(2, 3)(ops.repeat(ops.repeat(ops.repeat(x, 2, 1), 3, -2), 2, axis=-1)),
}


@pytest.mark.parametrize("name", BODIES)
def test_what_repeats_pixels_twice_gives_the_same_in_tflite(name: str, tmp_path: Path) -> None:
    model = model_of(BODIES[name])
    source = source_of(model, tmp_path / "source")
    assert FLOAT32.refusal(source) is None
    FLOAT32.convert(source, tmp_path / "float32.tflite")
    found = litert.open_model(tmp_path / "float32.tflite")(pictures())
    expected = model.predict(pictures().astype(np.float32), verbose=0)
    np.testing.assert_allclose(found, expected, atol=1e-5)
