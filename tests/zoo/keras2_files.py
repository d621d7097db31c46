"""Train and save a model by Keras 2 itself (tf_keras), with its predictions for the test pictures.

    python -m tests.zoo.keras2_files NAME FOLDER

A process of its own, because Keras 2 and Keras 3 would share the state and the flags of TensorFlow.
"""

import json
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import tf_keras as keras

from tests.export.reference.bars import CLASSES, SIDE
from tests.zoo.pictures import FEEDS_OF_KERAS_2, as_they_are, colour, grey

L = keras.layers
GREY, COLOUR = (SIDE, SIDE, 1), (SIDE, SIDE, 3)


def head() -> list[Any]:
    return [L.Flatten(), L.Dense(16, activation="relu"), L.Dense(CLASSES, activation="softmax")]


def plain() -> Any:
    return keras.Sequential(
        [L.Conv2D(8, 3, activation="relu", input_shape=COLOUR), L.MaxPooling2D(), *head()]
    )


def rows() -> Any:
    """The first lesson."""
    layers = [L.Dense(32, activation="relu", input_shape=(SIDE * SIDE,)), L.Dropout(0.2)]
    return keras.Sequential([*layers, L.Dense(CLASSES, activation="softmax")])


def backbone(slash: str) -> Any:
    given = L.Input(COLOUR)
    x = L.ZeroPadding2D(((0, 1), (0, 1)), name=f"stem{slash}pad")(given)
    x = L.Conv2D(8, 3, strides=2, use_bias=False, name=f"stem{slash}conv")(x)
    x = L.BatchNormalization(momentum=0.8, name=f"stem{slash}bn")(x)
    x = L.ReLU(6.0, name=f"stem{slash}relu")(x)
    x = L.DepthwiseConv2D(3, padding="same", use_bias=False, name=f"block{slash}dw")(x)
    x = L.BatchNormalization(momentum=0.8, name=f"block{slash}bn")(x)
    return keras.Model(given, x, name="backbone")


def teachable_machine() -> Any:
    """A sequential model of two others, the first around a functional one."""
    first = keras.Sequential([L.Rescaling(1 / 127.5, -1, input_shape=COLOUR), backbone("_")])
    model = keras.Sequential([first, keras.Sequential(head())])
    model.build((None, *COLOUR))
    return model


def flat(scale: Callable[[Any], Any], slash: str) -> Any:
    given = L.Input(COLOUR)
    found = scale(given)
    for layer in [*backbone(slash).layers[1:], *head()]:
        found = layer(found)
    return keras.Model(given, found)


def recurrent(layer: Any) -> Any:
    first = [L.Rescaling(1 / 255, input_shape=COLOUR), L.Reshape((SIDE, SIDE * 3))]
    return keras.Sequential([*first, layer, L.Dense(CLASSES, activation="softmax")])


def augmented() -> Any:
    layers = [L.RandomFlip(), L.RandomRotation(0.02), L.RandomZoom(0.1)]
    augment = keras.Sequential([L.InputLayer(COLOUR), *layers])
    scaled = [L.Rescaling(1 / 255), L.Conv2D(8, 3, activation="relu"), L.MaxPooling2D(), L.Dropout(0.2)]
    return keras.Sequential([augment, *scaled, *head()])


def mixed() -> Any:
    keras.mixed_precision.set_global_policy("mixed_float16")
    first = [L.Rescaling(1 / 255, input_shape=COLOUR), L.Conv2D(8, 3, activation="relu"), L.Flatten()]
    model = keras.Sequential([*first, L.Dense(CLASSES), L.Activation("softmax", dtype="float32")])
    keras.mixed_precision.set_global_policy("float32")
    return model


MODELS: dict[str, Callable[[], Any]] = {
    "plain": plain,
    "rows": rows,
    "teachable machine": teachable_machine,
    "mobilenet": lambda: flat(lambda x: x, "_"),
    "slashes": lambda: flat(L.Rescaling(1 / 255), "/"),
    "operator": lambda: flat(lambda x: x / 255.0, "_"),
    "lstm": lambda: recurrent(L.LSTM(12)),
    "gru": lambda: recurrent(L.GRU(12)),
    "bidirectional": lambda: recurrent(L.Bidirectional(L.LSTM(8))),
    "augmented": augmented,
    "mixed": mixed,
}


def save(name: str, folder: Path) -> None:
    pictures = grey() if name == "rows" else colour()
    feed = FEEDS_OF_KERAS_2.get(name, as_they_are)
    keras.utils.set_random_seed(1)
    model = MODELS[name]()
    model.compile(keras.optimizers.legacy.Adam(5e-3), "sparse_categorical_crossentropy")
    model.fit(feed(pictures.x_train), pictures.y_train, epochs=15, batch_size=50, verbose=0)
    model.save(folder / "model.h5")
    np.save(folder / "predictions.npy", model.predict(feed(pictures.x_test), verbose=0))
    if name == "plain":  # as versions before 2.3 named the learning rate
        with h5py.File(folder / "model.h5", "a") as file:
            settings = json.loads(file.attrs["training_config"])
            settings["optimizer_config"]["config"]["lr"] = 0.001
            file.attrs["training_config"] = json.dumps(settings)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    save(sys.argv[1], Path(sys.argv[2]))
