"""Checks of a model, up to a short training: a sound set-up passes, and a broken one hears the cause."""

import os
import subprocess
import sys

import numpy as np
import pytest

from train.checkup import COUNT, checkup, demand_health
from train.data import Split
from train.errors import CheckError
from train.findings import Verdict
from train.learning_checks import check_gap, check_learning, check_one_batch, check_zeros
from train.model_checks import (
    check_first_loss,
    check_gradients,
    check_layers_fit,
    check_probabilities,
    check_relus,
    check_scale,
)
from train.quiet import import_tensorflow
from train.trial import train_briefly, train_on, untrained

RATE = 0.003


@pytest.fixture(autouse=True, scope="module")
def tensorflow():
    import_tensorflow()
    import keras

    keras.utils.set_random_seed(0)


@pytest.fixture(scope="module")
def digits(pen_digits):
    return {"train": pen_digits.train, "validation": pen_digits.validation, "test": pen_digits.test}


def mlp(units=10, activation="softmax", scale=1 / 255, **hidden):
    """A small network, sound unless told otherwise."""
    import keras
    from keras import layers

    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Rescaling(scale),
            layers.Flatten(),
            layers.Dense(32, activation="relu", name="first", **hidden),
            layers.Dense(24, activation="relu", name="second"),
            layers.Dense(units, activation=activation, name="last"),
        ]
    )


@pytest.fixture(scope="module")
def sound():
    return mlp()


@pytest.fixture(scope="module")
def brief(sound, digits):
    return train_briefly(sound, digits["train"], RATE)


def shuffled(split):
    return Split(split.images, np.random.default_rng(0).permutation(split.labels))


def fault(finding, *words):
    assert finding.verdict is Verdict.FAIL
    for word in words:
        assert word in f"{finding.found} -> {finding.remedy}"


def passes(finding):
    assert finding.verdict is Verdict.PASS, finding


def test_sound_network_passes(sound, brief, digits):
    train = digits["train"]
    passes(check_layers_fit(sound, digits))
    passes(check_probabilities(sound, train.images))
    passes(check_scale(sound, train.images))
    passes(check_first_loss(sound, train))
    passes(check_gradients(sound, train))
    passes(check_one_batch(sound, train, RATE))
    passes(check_zeros(sound, digits, RATE))
    passes(check_learning(brief, digits, RATE))
    passes(check_relus(brief, train.images))
    passes(check_gap(brief, digits, "validation"))
    passes(check_gap(brief, digits, "test"))


def test_checks_leave_the_model_as_it_was(digits):
    from train.contract import InputContract
    from train.model import build_model
    from train.settings import Settings

    model = build_model(Settings(), InputContract())  # with batch normalisations, which learn unasked
    before = model.get_weights()
    check_scale(model, digits["train"].images)
    check_gradients(model, digits["train"])
    check_one_batch(model, digits["train"], RATE)
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


def test_pictures_of_another_shape(sound, digits):
    small = {name: Split(split.images[:, :14], split.labels) for name, split in digits.items()}
    fault(check_layers_fit(sound, small), "(28, 28, 1)", "(14, 28, 1)", "keras.Input((14, 28, 1))")


@pytest.mark.parametrize("units", [1, 9, 11])
def test_last_layer_of_another_size(units, digits):
    fault(check_layers_fit(mlp(units), digits), f"({units},)", "wrong last layer", "Dense(10")


@pytest.mark.parametrize("activation", ["sigmoid", "linear", "relu"])
def test_last_layer_without_softmax(activation, digits):
    broken = mlp(activation=activation)
    finding = check_probabilities(broken, digits["train"].images)
    fault(finding, f"last activation: {activation}", "wrong last layer", "softmax")


def test_unscaled_inputs(digits):
    broken = mlp(scale=1.0)
    fault(check_scale(broken, digits["train"].images), "0..255", "unscaled inputs", "Rescaling(1/255)")
    fault(check_first_loss(broken, digits["train"]), "scale its inputs")


def test_pictures_scaled_twice(sound, digits):
    finding = check_scale(sound, digits["train"].images / 255)
    fault(finding, "0..0.00392 reaches 'first'", "next to nothing")


def test_batch_normalisation_in_front_scales(digits):
    import keras

    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.BatchNormalization(),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    passes(check_scale(model, digits["train"].images))


def test_zero_learning_rate(sound, digits):
    fault(check_one_batch(sound, digits["train"], 0.0), "the learning rate is 0")
    still = train_briefly(sound, digits["train"], 0.0)
    fault(check_learning(still, digits, 0.0), "can't even learn one batch")


@pytest.mark.parametrize(("rate", "way"), [(1e-7, "low"), (30.0, "high")])
def test_learning_rate_far_off(sound, digits, rate, way):
    fault(check_one_batch(sound, digits["train"], rate), f"{rate:g} is too {way}")


def test_dead_relus(digits):
    broken = mlp(bias_initializer="ones", kernel_initializer="zeros")
    broken.get_layer("first").bias.assign(np.full(32, -1.0))
    fault(check_relus(broken, digits["train"].images), "32 of 32 in 'first'", "dead ReLUs")
    fault(check_gradients(broken, digits["train"]), "first", "ReLUs are dead")


def test_initialiser_that_kills_is_no_matter_of_the_rate(digits):
    import keras

    broken = mlp(bias_initializer=keras.initializers.Constant(-1e4))
    fault(check_one_batch(broken, digits["train"], RATE), "let gradients through")


def test_shuffled_labels(sound, digits):
    broken = {name: shuffled(split) for name, split in digits.items()}
    passes(check_one_batch(sound, broken["train"], RATE))
    trained = train_briefly(sound, broken["train"], RATE)
    fault(check_learning(trained, broken, RATE), "the labels don't belong to the pictures")


def test_batch_normalisation_that_works_in_training_only(digits):
    """Its averages over batches lag behind, far off pictures scaled twice; no label is to blame."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(1)
    tiny = {name: Split(split.images / 255, split.labels) for name, split in digits.items()}
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
    fault(check_learning(trained, tiny, RATE), "only while it trains", "scale the inputs")


def test_shuffled_validation_labels(brief, digits):
    broken = digits | {"validation": shuffled(digits["validation"])}
    fault(check_learning(brief, broken, RATE), "the validation labels don't belong to their pictures")


def test_shuffled_test_labels(brief, digits):
    broken = digits | {"test": shuffled(digits["test"])}
    passes(check_gap(brief, broken, "validation"))
    fault(check_gap(brief, broken, "test"), "test", "their labels don't belong to them")


def test_overfitted_model(sound, digits):
    few = digits | {"train": Split(digits["train"].images[:100], digits["train"].labels[:100])}
    model = untrained(sound)
    train_on(model, few["train"], RATE, 200)
    fault(check_gap(model, few, "test"), "accuracy 100.0% on training pictures", "overfits")


def test_model_that_was_never_trained(sound, digits):
    fault(check_gap(sound, digits, "validation"), "no better than chance", "train it")


def test_answers_that_need_no_picture(sound, digits):
    kept = {}
    for name, split in digits.items():
        chosen = (split.labels == 3) | (np.arange(len(split)) % 10 == 0)
        kept[name] = Split(split.images[chosen], split.labels[chosen])
    fault(check_zeros(sound, kept, RATE), "one class is so frequent")


def check(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "train", "check", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env=os.environ | {"PYTHONWARNINGS": "error::UserWarning:keras"},
    )


@pytest.mark.mnist
def test_command_on_mnist(mnist_npz):
    done = check("--data", mnist_npz)
    assert (done.returncode, done.stderr) == (0, "")
    assert sum(text.startswith("pass ") for text in done.stdout.splitlines()) == COUNT


def test_command_on_a_trained_model(trained, pen_npz):
    done = check("--data", pen_npz, "--model", trained)
    assert (done.returncode, done.stderr) == (0, "")
    assert sum(text.startswith("pass ") for text in done.stdout.splitlines()) == COUNT


def test_command_on_one_hot_labels_and_scaled_pictures(pen_digits, tmp_path):
    """What the reader of datasets refuses is explained, and all that can be checked is."""
    path = tmp_path / "course.npz"
    train, test = pen_digits.train, pen_digits.test
    np.savez(
        path,
        x_train=(train.images[:2000, ..., 0] / 255).astype(np.float32),
        y_train=np.eye(10, dtype=np.float32)[train.labels[:2000]],
        x_test=(test.images[..., 0] / 255).astype(np.float32),
        y_test=np.eye(10, dtype=np.float32)[test.labels],
    )
    mlp().save(tmp_path / "mlp.keras")
    done = check("--data", path, "--model", tmp_path / "mlp.keras")
    assert done.returncode == 1
    assert done.stderr.startswith(f"inkproof: expected all {COUNT} checks to pass, found faults in ")
    assert done.stderr.count("\n") == 1
    for name in ("grey levels", "labels", "input scale"):
        assert name in done.stderr
        assert f"\nFAIL    {name}" in done.stdout
    assert "one-hot" in done.stdout
    assert "skipped" not in done.stdout


def test_data_that_cannot_be_trained_on_skip_the_rest(digits):
    broken = digits | {"train": Split(digits["train"].images, digits["train"].labels[:-1])}
    findings = dict(checkup(broken, rate=RATE))
    assert findings["shapes"].is_fault
    assert findings["leakage"].verdict is Verdict.PASS
    assert findings["one batch"].verdict is Verdict.SKIPPED
    with pytest.raises(CheckError, match=rf"all {COUNT} checks .* 1 \(shapes\)"):
        demand_health(findings)


def test_wrong_last_layer_skips_what_it_must_only(digits):
    findings = dict(checkup(digits, RATE, given=mlp(9)))
    assert [name for name, finding in findings.items() if finding.is_fault] == ["layers"]
    assert findings["probabilities"].verdict is Verdict.SKIPPED
