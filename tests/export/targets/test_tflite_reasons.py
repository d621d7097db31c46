"""What a user reads when TFLite's converter gives up."""

from pathlib import Path

import keras
import pytest

from export.errors import ConversionError
from export.target import Source
from export.targets.tflite_float32 import TARGET
from tests.export.targets.small_models import MODELS, model_of, pictures


@pytest.mark.integration
def test_the_reason_is_the_operation_and_its_layer(tmp_path: Path) -> None:
    model: keras.Model = model_of(MODELS["op erf"])
    reason = r"found that TFLite can't run the operation Erf \(Erf(_\d+)?\): leave it out"
    with pytest.raises(ConversionError, match=reason):
        TARGET.convert(Source(model, tmp_path / "saved", pictures(0)), tmp_path / "model.tflite")
