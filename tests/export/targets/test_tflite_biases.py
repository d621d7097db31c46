"""Layers that an int16x8 model calls several times: their biases fit the inputs of every call."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from export.runtimes import litert
from export.target import Source
from export.targets._sums import with_short_sums
from export.targets._tflite import converted, write_tflite
from export.targets._tflite_biases import with_own_biases
from export.targets.tflite_int16x8 import OPERATIONS
from tests.export.targets.small_models import MODELS, model_of, pictures


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """A convolution that is called three times."""
    model, folder = model_of(MODELS["conv twice"]), tmp_path_factory.mktemp("source")
    return Source(model, folder, pictures(50))


@pytest.mark.parametrize("sums", [bytes, with_short_sums], ids=["long", "short"])
def test_every_call_adds_the_bias_of_the_layer(
    sums: Callable[[bytes], bytes], source: Source, tmp_path: Path
) -> None:
    path = tmp_path / "int16x8.tflite"
    write_tflite(source, path, operations=OPERATIONS)
    images = pictures(200)
    reference = source.model.predict(images.astype(np.float32), verbose=0)
    assert np.abs(litert.run(path, images, Path()) - reference).max() > 0.5  # as the quantizer leaves it
    path.write_bytes(sums(with_own_biases(path.read_bytes())))
    np.testing.assert_allclose(litert.run(path, images, Path()), reference, atol=0.05)


def test_a_model_whose_biases_fit_stays_as_it_is(tmp_path: Path) -> None:
    model = model_of(MODELS["conv"])
    path = tmp_path / "int16x8.tflite"
    source = Source(model, tmp_path / "source", pictures(50))
    content = converted(source, path, operations=OPERATIONS)
    assert with_own_biases(content) == content
