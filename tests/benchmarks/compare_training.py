"""Compare the time to 99.0% on MNIST's test split with that of keras-io's `mnist_convnet`, in one run.

    MNIST_NPZ=mnist.npz python -m tests.benchmarks.compare_training --rounds 3

Both train in this process, one after the other, round by round with another seed: our default CNN as
`python -m train --preset quick` trains it, and the model of https://keras.io/examples/vision/mnist_convnet/
with its batches of 128, its Adam and its validation split of a tenth. What is timed is `fit`, its first
compilation included; the test split is asked between the epochs, untimed.
"""

import argparse
import time
from collections.abc import Callable
from statistics import median

import numpy as np
from numpy.typing import NDArray

from train.console.quiet import import_tensorflow
from train.data.batches import steps_per_epoch, training_batches
from train.data.dataset import Dataset, Split, find_dataset
from train.learning.fit import LOSS, with_drawings
from train.settings import preset

import_tensorflow()
import keras  # noqa: E402  after its start-up messages
from keras import layers  # noqa: E402

from train.contract import InputContract  # noqa: E402
from train.learning.losses import build_loss  # noqa: E402
from train.learning.optimizers import build_optimizer  # noqa: E402
from train.network.architectures import build_model, fit_averages_to_run  # noqa: E402
from train.network.fused_norm import with_fused_norms  # noqa: E402

Epoch = Callable[[int], None]
Recipe = Callable[[Dataset, int], tuple[keras.Model, Epoch, int]]


def ours(dataset: Dataset, seed: int) -> tuple[keras.Model, Epoch, int]:
    """The quick preset: a model, what trains it for an epoch, and how many epochs there are."""
    settings = preset("quick", "cnn", seed=seed)
    split = with_drawings(dataset, settings)
    steps = steps_per_epoch(len(split), settings.batch_size)
    model = build_model(settings, InputContract())
    fit_averages_to_run(model, steps * settings.epochs)
    learner = with_fused_norms(model)
    learner.compile(
        optimizer=build_optimizer(settings, steps * settings.epochs),
        loss=build_loss(settings),
        metrics=["accuracy"],
    )
    model.compile(loss=LOSS, metrics=["accuracy"])

    def train(epoch: int) -> None:
        batches = training_batches(split, settings, first_epoch=epoch)
        learner.fit(
            batches,
            steps_per_epoch=steps,
            shuffle=False,
            validation_data=as_floats(dataset.validation),
            validation_batch_size=500,
            verbose=0,
        )

    return model, train, settings.epochs


def mnist_convnet(dataset: Dataset, seed: int) -> tuple[keras.Model, Epoch, int]:
    """The example of keras.io, which leaves its scale outside of the model: here it is inside, at no cost."""
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(32, kernel_size=(3, 3), activation="relu"),
            layers.MaxPooling2D(pool_size=(2, 2)),
            layers.Conv2D(64, kernel_size=(3, 3), activation="relu"),
            layers.MaxPooling2D(pool_size=(2, 2)),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(loss=LOSS, optimizer="adam", metrics=["accuracy"])
    images, labels = (
        np.concatenate([train, validation])
        for train, validation in zip(as_floats(dataset.train), as_floats(dataset.validation), strict=True)
    )

    def train(epoch: int) -> None:
        model.fit(images, labels, batch_size=128, validation_split=0.1, verbose=0)

    return model, train, 40


def as_floats(split: Split) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    return split.images.astype(np.float32), split.labels


def seconds_to(accuracy: float, recipe: Recipe, dataset: Dataset, seed: int) -> float:
    """Seconds of training until the test split's accuracy first passes `accuracy`; infinity if never."""
    keras.utils.set_random_seed(seed)
    model, train, epochs = recipe(dataset, seed)
    images, labels = as_floats(dataset.test)
    spent = 0.0
    for epoch in range(epochs):
        begin = time.perf_counter()
        train(epoch)
        spent += time.perf_counter() - begin
        reached = model.evaluate(images, labels, batch_size=500, verbose=0)[1]
        if reached > accuracy:
            print(f"  {recipe.__name__}: {reached:.2%} after {epoch + 1} epochs, {spent:.1f} s", flush=True)
            return spent
    print(f"  {recipe.__name__}: {reached:.2%} after all {epochs} epochs, {spent:.1f} s", flush=True)
    return float("inf")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--accuracy", type=float, default=0.99)
    options = parser.parse_args()
    dataset = find_dataset("mnist")
    times: dict[str, list[float]] = {recipe.__name__: [] for recipe in (ours, mnist_convnet)}
    for seed in range(options.rounds):
        print(f"round {seed + 1}")
        for recipe in (ours, mnist_convnet):
            times[recipe.__name__].append(seconds_to(options.accuracy, recipe, dataset, seed))
    mine, theirs = (median(values) for values in times.values())
    print(f"median time to {options.accuracy:.1%}: {mine:.1f} s, {theirs:.1f} s, ratio {mine / theirs:.2f}")


if __name__ == "__main__":
    main()
