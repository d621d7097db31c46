"""TFLite models: what converts runs in LiteRT and agrees; what a target lacks is refused beforehand."""

from pathlib import Path

import pytest

from tests.export.targets.small_models import MODELS, model_of
from tests.export.targets.tflite_outcomes import TFLITE, outcomes, source_of
from tests.often import often

# One of each reason, by target.
REFUSED = {
    ("average pool 3d", "float32"): "can't run the operation AvgPool3D (average_pooling3d",
    ("transposed dilated", "dynamic"): "can't run the operation Conv2DBackpropInput (conv2d_transpose",
    ("conv lstm", "float16"): "can't run the operation TensorListReserve (conv_lstm2d",
    ("activation celu", "int8"): "cuts off in 8 bits what MINIMUM and other operations take (activation",
    ("op where", "int8"): "rounds in 8 bits what GREATER decides by (Greater",
    ("relu from", "int8"): "rounds in 8 bits what GREATER decides by (re_lu",
    ("activation softplus", "integer-only"): "keeps too few digits for EXP in 8 bits (activation",
    ("group normalization", "int8"): "keeps too few digits for RSQRT in 8 bits (group_normalization",
    ("activation softplus", "int16x8"): "keeps too few digits for LOG in 16 bits (activation",
    ("activation hard_silu", "int16x8"): "has no 16-bit HARD_SWISH operation (activation",
    ("layer normalization", "int16x8"): "has no 16-bit NEG operation (layer_normalization",
    ("op sum", "int16x8"): "cuts sums off in 16 bits at the largest number that is added (Sum",
    ("gru", "int16x8"): "loses weights in 16 bits that are first applied to a state of 0 (gru",
}
# Of those that quantizers get wrong by themselves, or that their operations make hard.
HARD = ["conv twice", "zero padding", "residual", "attention", "op clip"]


@pytest.mark.parametrize(
    ("name", "target"), often(REFUSED, lambda case: case[1] in ("float32", "int8", "int16x8"))
)
def test_refusals_name_operation_and_layer(name: str, target: str, tmp_path: Path) -> None:
    targets = {target.name.removeprefix("tflite-"): target for target in TFLITE}
    found = targets[target].refusal(source_of(model_of(MODELS[name]), tmp_path))
    assert found is not None
    assert found.startswith(f"TFLite {REFUSED[name, target]}")


@pytest.mark.integration
@pytest.mark.parametrize("name", often(MODELS, HARD.__contains__))
def test_what_is_converted_agrees(name: str, tmp_path: Path) -> None:
    found = outcomes(model_of(MODELS[name]), tmp_path)
    failed = {target for target, reason in found.items() if reason and not reason.startswith("TFLite ")}
    assert failed == set(), found
