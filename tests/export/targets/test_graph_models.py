"""Graph models: what converts runs in TensorFlow.js and agrees; what it lacks is refused beforehand."""

import json
from functools import partial
from pathlib import Path

import pytest

from export.runtimes.node import WEB
from export.targets._graph import WITHOUT_KERNEL, refusal
from export.targets.tfjs_graph import TARGET
from tests.export.targets.bodies import Body
from tests.export.targets.conversions import Outcome, outcomes
from tests.export.targets.small_models import MODELS, as_source, model_of
from train.console.quiet import import_tensorflow

import_tensorflow()
from keras import layers as L  # noqa: E402, N812  after its start-up messages

REFUSED = {
    "conv lstm": "runs no loops in its `predict` (conv_lstm2d)",
    "lstm rolled": "runs no loops in its `predict` (lstm_",
    "max pool 3d": "runs no MaxPool3D operation (max_pooling3d)",
    "op argmax": "runs no Bitcast operation",
    "op einsum": "runs no Einsum operation",
    "op one hot": "runs no Bitcast operation",
    "resizing bicubic": "runs no ResizeBicubic operation (resizing_",
    "transposed dilated": "ignores the dilation of a transposed convolution (conv2d_transpose_",
}
# Those that tensorflowjs's converter refuses, aborts on, or gets wrong by itself.
HARD = [
    *("activation gelu", "activation hard_sigmoid", "activation hard_silu", "activation softsign"),
    *("conv groups", "conv groups of one", "conv normalized twice", "depthwise activated twice"),
    *("depthwise unbiased twice", "prelu of two", "lstm", "attention", "residual", "op cumsum of channels"),
    *("op add channels", "op add to one channel", "op add pair", "permute", "squeeze and excite"),
    *("activation tanh", "dense sigmoid", "dense tanh"),
    *("conv", "transposed", "separable", "op square", *REFUSED),
]


@pytest.fixture(scope="module")
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    models = {name: partial(model_of, MODELS[name]) for name in request.param}
    return outcomes(TARGET, models, tmp_path_factory.mktemp("graphs"))


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(HARD, id="hard", marks=pytest.mark.integration),
        pytest.param([*MODELS], id="all", marks=pytest.mark.slow),
    ],
    indirect=True,
)
def test_every_model_agrees_or_is_refused(found: dict[str, Outcome]) -> None:
    refused = {name: outcome.refusal for name, outcome in found.items() if outcome.refusal}
    assert set(refused) == set(REFUSED)
    wrong = {name: outcome for name, outcome in found.items() if not outcome.refusal and not outcome.agrees}
    assert wrong == {}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_names_operation_and_layer(name: str) -> None:
    reason = refusal(as_source(model_of(MODELS[name])))
    assert reason is not None
    assert reason.startswith(f"TensorFlow.js {REFUSED[name]}")


def test_operations_without_a_kernel_are_those_that_the_wasm_backend_lacks() -> None:
    packages = WEB / "node_modules/@tensorflow"
    table = json.loads((packages / "tfjs-converter/metadata/kernel2op.json").read_text())
    kernels = {file.stem for file in (packages / "tfjs-backend-wasm/dist/kernels").glob("*.js")}
    lacking = WITHOUT_KERNEL - {"MaxPool3D"}
    assert lacking <= set(table)
    assert not {operation for operation in lacking if operation in kernels}


def test_a_layer_that_is_called_twice_has_its_weights_once(tmp_path: Path) -> None:
    convolution, norm = L.Conv2D(8, 3, padding="same"), L.BatchNormalization()

    def body(calls: int) -> Body:
        return lambda x: L.Average()([L.ReLU()(norm(convolution(x + i))) for i in range(calls)])

    sizes = []
    for calls in (2, 5):
        TARGET.convert(as_source(model_of(body(calls))), tmp_path / str(calls))
        sizes.append(sum(file.stat().st_size for file in (tmp_path / str(calls)).glob("*.bin")))
    few, many = sizes
    assert many - few < 3 * (4 * 8 * 3 * 3 * 3) / 10
