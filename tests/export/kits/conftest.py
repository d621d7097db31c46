"""Kits as `export kit` writes them: for drawings, for colour pictures, and for values."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from export.kits import named_kits
from export.kits._model import KitModel
from export.kits._read import read_kit_model
from export.kits._write import write_kit
from export.manifest import read_manifest
from export.pipeline.export_all import Request, export_all
from export.pipeline.reading import Origin, Reading
from export.targets import named_targets
from train.console.quiet import import_tensorflow
from train.data.dataset import locate_dataset
from train.data.splits import Dataset

# What ends a string or a comment, or begins something else, in some language.
NASTY_LABELS = ('Rot "$x"', "Grün\\n", "Blau */ {{ 7 }} ${y} \\(z) ??/")
KITS = ("kit_of", "colour_kit_of", "values_kit_of")  # fixtures that write one
SHAPE = (12, 16, 3)
ORIGIN = Origin('Colours "of" $mine', "Jane", "MIT")
READING = Reading("0..255", labels=NASTY_LABELS, origin=ORIGIN)
READING_OF_VALUES = Reading("0..255", labels=NASTY_LABELS[:2], origin=ORIGIN)


def colours(count: int, seed: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Noise with more red, green or blue; none of it reaches 255."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 3, count).astype(np.uint8)
    pictures = random.integers(0, 90, (count, *SHAPE))
    pictures[np.arange(count), :, :, labels] += 120
    return pictures.astype(np.uint8), labels


def export_colours(folder: Path, values: bool) -> None:
    """Train a small model of colour pictures and export it to TFLite, with an awkward name and labels."""
    import_tensorflow()
    import keras
    from keras import layers

    folder.mkdir(parents=True)
    (x_train, y_train), (x_test, y_test) = colours(600, 1), colours(100, 2)
    if values:
        y_train, y_test = (x.mean(axis=(1, 2))[:, :2] for x in (x_train, x_test))
    np.savez(folder / "colours.npz", x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    keras.utils.set_random_seed(1)
    head = layers.Dense(2) if values else layers.Dense(3, "softmax")
    stack = [layers.Rescaling(1 / 255), layers.Conv2D(6, 3, activation="relu"), layers.Flatten(), head]
    model = keras.Sequential([keras.Input(SHAPE), *stack])
    model.compile(keras.optimizers.Adam(0.01), "mse" if values else "sparse_categorical_crossentropy")
    model.fit(x_train, y_train, epochs=8, verbose=0)
    model.save(folder / "model.keras")
    reading = READING_OF_VALUES if values else READING
    names = ("tflite-float32", "tflite-int8", "tflite-int16x8", "tflite-integer-only")
    targets = named_targets(["tfjs-graph", *names[: 1 if values else None]])
    data = str(folder / "colours.npz")
    export_all(Request(folder / "model.keras", data, folder / "artifacts", targets, reading=reading))


@pytest.fixture(scope="session")
def colours_out(made_once: Callable[..., Path]) -> Path:
    """The output folder of a model of colours; treat it as read-only."""
    return made_once("kit-colours", lambda folder: export_colours(folder, values=False)) / "artifacts"


@pytest.fixture(scope="session")
def values_out(made_once: Callable[..., Path]) -> Path:
    """The output folder of a model that gives two values; treat it as read-only."""
    return made_once("kit-values", lambda folder: export_colours(folder, values=True)) / "artifacts"


@pytest.fixture(scope="session")
def drawings_model(built: Path, pen_digits: Dataset) -> KitModel:
    """What kits are written from, for a model of drawings."""
    return read_kit_model(built, read_manifest(built), pen_digits.test)


def picture_model(out: Path) -> KitModel:
    """The same for pictures."""
    dataset = locate_dataset(str(out.parent / "colours.npz")).read(SHAPE, 3)
    return read_kit_model(out, read_manifest(out), dataset.test)


@pytest.fixture(scope="session")
def colours_model(colours_out: Path) -> KitModel:
    return picture_model(colours_out)


@pytest.fixture(scope="session")
def values_model(values_out: Path) -> KitModel:
    return picture_model(values_out)


def writer(model: KitModel, folder: Path) -> Callable[[str], Path]:
    @cache
    def write(name: str) -> Path:
        (kit,) = named_kits([name])
        write_kit(kit, model, folder)
        return folder / "kit" / name

    return write


@pytest.fixture(scope="session")
def kit_of(drawings_model: KitModel, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a kit for drawings, by platform: proven, as far as this machine can; read-only."""
    return writer(drawings_model, tmp_path_factory.mktemp("drawings"))


@pytest.fixture(scope="session")
def colour_kit_of(colours_model: KitModel, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The same for colour pictures, with awkward labels."""
    return writer(colours_model, tmp_path_factory.mktemp("colours"))


@pytest.fixture(scope="session")
def values_kit_of(values_model: KitModel, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The same for a model that gives values, in floats alone."""
    return writer(values_model, tmp_path_factory.mktemp("values"))
