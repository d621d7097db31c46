"""Checks of a model and a short training run: a sound set-up passes, a broken one gets the right cause."""

import numpy as np
import pytest

from tests.train.checks.small_network import RATE, mlp
from train.checks.finding import Verdict
from train.checks.learning_checks import check_gap, check_learning, check_one_batch, check_zeros
from train.checks.model_checks import (
    check_first_loss,
    check_gradients,
    check_layers_fit,
    check_probabilities,
    check_relus,
    check_scale,
)
from train.checks.short_training import train_briefly, train_on, untrained
from train.console.quiet import import_tensorflow
from train.data.dataset import Split

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True, scope="module")
def tensorflow():
    import_tensorflow()
    import keras

    keras.utils.set_random_seed(0)


@pytest.fixture(scope="module")
def sound():
    return mlp()


@pytest.fixture(scope="module")
def brief(sound, splits):
    return train_briefly(sound, splits["train"], RATE)


def shuffled(split):
    return Split(split.images, np.random.default_rng(0).permutation(split.labels))


def fault(finding, *words):
    assert finding.verdict is Verdict.FAIL
    for word in words:
        assert word in f"{finding.found} -> {finding.remedy}"


def passes(finding):
    assert finding.verdict is Verdict.PASS, finding


def test_sound_network_passes(sound, brief, splits):
    train = splits["train"]
    passes(check_layers_fit(sound, splits))
    passes(check_probabilities(sound, train.images))
    passes(check_scale(sound, train.images))
    passes(check_first_loss(sound, train))
    passes(check_gradients(sound, train))
    passes(check_one_batch(sound, train, RATE))
    passes(check_zeros(sound, splits, RATE))
    passes(check_learning(brief, splits))
    passes(check_relus(brief, train.images))
    passes(check_gap(brief, splits, "validation"))
    passes(check_gap(brief, splits, "test"))


def test_checks_leave_the_model_as_it_was(splits):
    from train.contract import InputContract
    from train.network.architectures import build_model
    from train.settings import Settings

    model = build_model(Settings(), InputContract())  # with batch normalisations, which learn unasked
    before = model.get_weights()
    check_scale(model, splits["train"].images)
    check_gradients(model, splits["train"])
    check_one_batch(model, splits["train"], RATE)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_copy_to_train_has_new_weights_but_keeps_what_is_not_trained():
    import keras

    normalise = keras.layers.Normalization(axis=None, mean=3.0, variance=4.0)
    adapted = keras.layers.Normalization(axis=-1)
    adapted.adapt(np.arange(8.0).reshape(4, 2))
    model = keras.Sequential([keras.Input((2,)), normalise, adapted, keras.layers.Dense(2)])
    copy = untrained(model)
    np.testing.assert_array_equal(copy.layers[1].get_weights()[0], adapted.get_weights()[0])
    assert (copy.layers[-1].kernel.numpy() != model.layers[-1].kernel.numpy()).all()


def test_pictures_of_another_shape(sound, splits):
    small = {name: Split(split.images[:, :14], split.labels) for name, split in splits.items()}
    fault(check_layers_fit(sound, small), "(28, 28, 1)", "(14, 28, 1)", "keras.Input((14, 28, 1))")


@pytest.mark.parametrize("units", [1, 9, 11])
def test_last_layer_of_another_size(units, splits):
    fault(check_layers_fit(mlp(units), splits), "an output of (10,)", f"({units},)", "Dense(10")


@pytest.mark.parametrize("activation", ["sigmoid", "linear", "relu"])
def test_last_layer_without_softmax(activation, splits):
    broken = mlp(activation=activation)
    finding = check_probabilities(broken, splits["train"].images)
    fault(finding, f"last activation: {activation}", "wrong last layer", "softmax")


def test_unscaled_inputs(splits):
    broken = mlp(scale=1.0)
    fault(check_scale(broken, splits["train"].images), "0..255", "unscaled inputs", "Rescaling(1/255)")
    fault(check_first_loss(broken, splits["train"]), "scale its inputs")


def test_pictures_scaled_twice(sound, splits):
    finding = check_scale(sound, splits["train"].images / 255)
    fault(finding, "0..0.00392 reaches 'first'", "next to nothing")


def test_batch_normalisation_in_front_scales(splits):
    import keras

    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.BatchNormalization(),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    passes(check_scale(model, splits["train"].images))


def test_zero_learning_rate(sound, splits):
    fault(check_one_batch(sound, splits["train"], 0.0), "the learning rate is 0")


@pytest.mark.parametrize(("rate", "way"), [(1e-7, "low"), (30.0, "high")])
def test_learning_rate_far_off(sound, splits, rate, way):
    fault(check_one_batch(sound, splits["train"], rate), f"{rate:g} is too {way}")


def test_dead_relus(splits):
    broken = mlp(bias_initializer="ones", kernel_initializer="zeros")
    broken.get_layer("first").bias.assign(np.full(32, -1.0))
    fault(check_relus(broken, splits["train"].images), "32 of 32 in 'first'", "dead ReLUs")
    fault(check_gradients(broken, splits["train"]), "first", "ReLUs are dead")


def test_initialiser_that_kills_is_no_matter_of_the_rate(splits):
    import keras

    broken = mlp(bias_initializer=keras.initializers.Constant(-1e4))
    fault(check_one_batch(broken, splits["train"], RATE), "let gradients through")


def test_shuffled_labels(sound, splits):
    broken = {name: shuffled(split) for name, split in splits.items()}
    passes(check_one_batch(sound, broken["train"], RATE))
    trained = train_briefly(sound, broken["train"], RATE)
    fault(check_learning(trained, broken), "the labels don't belong to the pictures")


def test_batch_normalisation_that_works_in_training_only(splits):
    """Its averages over batches lag behind, far off pictures scaled twice; no label is to blame."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(1)
    tiny = {name: Split(split.images / 255, split.labels) for name, split in splits.items()}
    lagging = layers.BatchNormalization(momentum=0.99999, epsilon=1e-9)
    broken = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(24),
            lagging,
            layers.ReLU(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    trained = train_briefly(broken, tiny["train"], RATE)
    fault(check_learning(trained, tiny), "in training mode only", "scale the inputs")


def test_shuffled_validation_labels(brief, splits):
    broken = splits | {"validation": shuffled(splits["validation"])}
    fault(check_learning(brief, broken), "the validation labels don't belong to their pictures")


def test_shuffled_test_labels(brief, splits):
    broken = splits | {"test": shuffled(splits["test"])}
    passes(check_gap(brief, broken, "validation"))
    fault(check_gap(brief, broken, "test"), "test", "their labels don't belong to them")


def test_overfitted_model(sound, splits):
    few = splits | {"train": Split(splits["train"].images[:100], splits["train"].labels[:100])}
    model = untrained(sound)
    train_on(model, few["train"], RATE, 200)
    fault(check_gap(model, few, "test"), "accuracy 100.0% on training pictures", "overfits")


def test_model_that_was_never_trained(sound, splits):
    fault(check_gap(sound, splits, "validation"), "no better than chance", "train it")


def test_answers_that_need_no_picture(sound, splits):
    kept = {}
    for name, split in splits.items():
        chosen = (split.labels == 3) | (np.arange(len(split)) % 10 == 0)
        kept[name] = Split(split.images[chosen], split.labels[chosen])
    fault(check_zeros(sound, kept, RATE), "one class is so frequent")
