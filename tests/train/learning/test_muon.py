"""Muon: kernels of hidden layers move by orthogonal matrices, the rest by AdamW; files are stock Keras."""

import csv
import json
import subprocess
import sys

import numpy as np
import pytest

from tests.often import often
from train.contract import InputContract
from train.data.dataset import pen_dataset
from train.learning import checkpoints
from train.learning.fit import fit
from train.learning.optimizers import WEIGHT_DECAY, build_optimizer
from train.network.architectures import build_model
from train.settings import Convolution, Settings

pytestmark = pytest.mark.usefixtures("tensorflow")

RATE = 0.01
SETTINGS = Settings(
    epochs=8,
    batch_size=32,
    augment=False,
    optimizer="muon",
    rate=RATE,
    schedule="constant",
    convolutions=((Convolution(12, 3, 2), Convolution(16, 5, 2, depthwise=True)),),
)
KERNELS = {"conv1/kernel", "conv2/kernel"}
STOCK = """
import json, sys
import keras

model = keras.saving.load_model(sys.argv[1])
print(json.dumps([type(model.optimizer).__name__, sorted(name for name in sys.modules if "train" == name)]))
"""


@pytest.fixture
def model():
    import keras

    keras.utils.set_random_seed(0)
    return build_model(SETTINGS, InputContract())


def gradients(model, seed):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=weight.shape).astype(np.float32) for weight in model.trainable_variables]


def moves(model, optimizer, gradients):
    """How far a step moves each weight, and what it was before, by its path."""
    import keras

    weights = model.trainable_variables
    before = [weight.numpy() for weight in weights]
    optimizer.apply([keras.ops.convert_to_tensor(gradient) for gradient in gradients], weights)
    return {w.path: (old - w.numpy(), old) for w, old in zip(weights, before, strict=True)}


def test_kernels_move_by_nearly_orthogonal_matrices(model):
    """Newton and Schulz's five steps leave singular values of 0.7 to 1.2 (Jordan 2024)."""
    optimizer = build_optimizer(SETTINGS, 100)
    moved = moves(model, optimizer, gradients(model, 0))
    assert {path for path in moved if path in KERNELS} == KERNELS
    for path in KERNELS:
        move, before = moved[path]
        decayed = move - before * RATE * optimizer.weight_decay
        matrix = decayed.reshape(-1, decayed.shape[-1])
        singular = np.linalg.svd(matrix, compute_uv=False) / (2 * RATE)
        assert 0.6 < singular.min() <= singular.max() < 1.3


def test_the_rest_moves_as_adamw_moves_it(model):
    import keras

    twin = keras.models.clone_model(model)
    twin.set_weights(model.get_weights())
    muon, adamw = build_optimizer(SETTINGS, 100), keras.optimizers.AdamW(RATE, weight_decay=WEIGHT_DECAY)
    for step in range(3):
        given = gradients(model, step)
        ours, theirs = moves(model, muon, given), moves(twin, adamw, given)
    rest = set(ours) - KERNELS
    assert {"depthwise2/kernel", "norm1/gamma", "net1_logits/kernel", "net1_logits/bias"} <= rest
    for path in rest:
        np.testing.assert_allclose(ours[path][0], theirs[path][0], atol=1e-7)
    for path in KERNELS:
        assert np.abs(ours[path][0] - theirs[path][0]).max() > RATE / 10


def test_hidden_layers_of_an_mlp_are_kernels_too():
    settings = Settings("mlp", hidden=(20, 10), optimizer="muon")
    model, optimizer = build_model(settings, InputContract()), build_optimizer(settings, 100)
    optimizer.build(model.trainable_variables)
    by_adam = [weight.path for weight in model.trainable_variables if optimizer._should_use_adamw(weight)]
    assert by_adam == ["hidden1/bias", "hidden2/bias", "probabilities/kernel", "probabilities/bias"]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A short run's `model.h5`."""
    return fit(pen_dataset(train=300, test=60), SETTINGS, tmp_path_factory.mktemp("muon") / "out")


def test_it_learns(trained):
    with (trained.parent / "training" / "history.csv").open(newline="") as file:
        losses = [float(line["loss"]) for line in csv.DictReader(file)]
    assert losses[-1] < 0.8 * losses[0]


@pytest.mark.parametrize(
    "name", often(["model.h5", "training/last.keras", "training/best.keras"], lambda name: "best" not in name)
)
def test_keras_alone_loads_what_is_left(name, trained, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", STOCK, str(trained.parent / name)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["AdamW", []]


def test_a_checkpoint_holds_its_momentum(model, tmp_path):
    model.compile(optimizer=build_optimizer(SETTINGS, 100), loss="sparse_categorical_crossentropy")
    optimizer = model.optimizer
    moves(model, optimizer, gradients(model, 0))
    kept = checkpoints.begin(tmp_path, SETTINGS, pen_dataset(train=20, test=10))
    kept.save(model, {"val_loss": 1.0})
    loaded = checkpoints.load(kept.last)
    assert type(loaded.optimizer) is type(optimizer)
    ours = moves(model, optimizer, gradients(model, 1))
    theirs = moves(loaded, loaded.optimizer, gradients(model, 1))
    for path, (move, _) in ours.items():
        np.testing.assert_array_equal(move, theirs[path][0])
