"""The fused normalisation learns what Keras's own does, and leaves stock layers behind."""

import numpy as np
import pytest

from train.contract import InputContract
from train.network.architectures import build_model
from train.settings import Convolution, Settings

pytestmark = pytest.mark.usefixtures("tensorflow")


def untrained():
    import keras

    keras.utils.set_random_seed(0)
    return build_model(
        Settings(convolutions=((Convolution(4, 3, 2), Convolution(6, 3, 2)),)), InputContract()
    )


def after_steps(model, learner, steps):
    """Weights after some training steps with plain SGD, which shows gradients as they are."""
    import keras

    rng = np.random.default_rng(0)
    learner.compile(optimizer=keras.optimizers.SGD(0.1), loss="sparse_categorical_crossentropy")
    for _ in range(steps):
        learner.train_on_batch(
            rng.integers(0, 256, (8, 28, 28, 1)).astype(np.float32), np.arange(8).astype(np.uint8)
        )
    return model.get_weights()


def test_training_steps_are_those_of_the_stock_layers():
    from train.network.fused_norm import FusedNormalization, with_fused_norms

    stock, model = untrained(), untrained()
    before = model.get_weights()
    learner = with_fused_norms(model)
    assert [type(layer) for layer in learner.layers].count(FusedNormalization) == 2
    expected, found = after_steps(stock, stock, 3), after_steps(model, learner, 3)
    for name, old, one, other in zip(
        [weight.path for weight in model.weights], before, expected, found, strict=True
    ):
        assert not np.array_equal(old, one), name  # every one of them has moved
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6, err_msg=name)


def test_the_view_answers_as_the_model_does():
    from train.network.fused_norm import with_fused_norms

    model = untrained()
    images = np.random.default_rng(1).integers(0, 256, (4, 28, 28, 1)).astype(np.float32)
    np.testing.assert_array_equal(with_fused_norms(model)(images), model(images))


def test_the_model_keeps_its_stock_layers():
    import keras

    from train.network.fused_norm import with_fused_norms

    model = untrained()
    config = keras.saving.serialize_keras_object(model)
    with_fused_norms(model)
    assert keras.saving.serialize_keras_object(model) == config


def test_normalisation_of_hidden_layers_stays_stock():
    from train.network.fused_norm import FusedNormalization, with_fused_norms

    learner = with_fused_norms(build_model(Settings("mlp", batch_norm=True), InputContract()))
    assert not any(isinstance(layer, FusedNormalization) for layer in learner.layers)
