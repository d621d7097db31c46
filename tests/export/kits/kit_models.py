"""Small models of many forms with random weights, converted and ready for kits."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from export.kits._examples import examples
from export.kits._kit import ALL
from export.kits._model import KitModel, Tensor, Variant
from export.manifest import Manifest
from export.reference.open_source import of_full_range
from export.runtimes import litert
from export.runtimes.tflite_file import form_of, operations_of
from export.target import Description, Source
from export.targets import all_targets
from train.console.quiet import import_tensorflow
from train.contract import InputContract

import_tensorflow()
import keras  # noqa: E402  after its start-up messages

NASTY = ('Rot "$x"', "Grün\\n", "Blau */ {{ 7 }} ??/")  # "??/" is a backslash to C
FORMS = {
    "drawings": (InputContract(), "classes"),
    "colours": (InputContract(12, 16, 3, 9, labels=NASTY), "classes"),
    "greys": (InputContract(20, 11, 1, 8, labels=("sharp", "bright")), "several"),
    "values": (InputContract(9, 9, 3, 6, labels=("left", "right", "up")), "values"),
}
ENDS = {"classes": "softmax", "several": "sigmoid", "values": "linear"}


def kit_model(form: str, folder: Path) -> KitModel:
    """A model of one of FORMS and all of its `.tflite` files, which go into `folder`."""
    contract, task = FORMS[form]
    random = np.random.default_rng(3)
    pictures = of_full_range(random.integers(0, 256, (40, *contract.shape), np.uint8))
    description = Description(contract=contract, gives="values" if task == "values" else "probabilities")
    source = Source(_model(contract, ENDS[task]), folder / "saved", pictures, description)
    images = np.concatenate([pictures[:4], np.zeros_like(pictures[:1]), np.full_like(pictures[:1], 255)])
    variants = []
    for target in (target for name in ALL for target in all_targets() if target.name == name):
        path = folder / target.path
        path.parent.mkdir(exist_ok=True)
        target.convert(source, path)
        content = path.read_bytes()
        image, answer = (Tensor(**one) for one in form_of(content))
        facts = len(content), hashlib.sha256(content).hexdigest(), image, answer, operations_of(content)
        variants.append(Variant(target.name, path, *facts, accuracy=None, max_abs_diff=None))
    outputs = {variant.target: litert.numbers(variant.path, images) for variant in variants}
    described = {"name": f'{form} "classifier" */ ??/', "version": "1", "task": task}
    manifest = Manifest(described, contract.to_json(), {}, {}, {}, [], [])
    return KitModel(manifest, folder, contract, tuple(variants), images, outputs, examples(contract))


def _model(contract: InputContract, activation: str) -> keras.Model:
    """A convolution and a dense layer on raw pixels."""
    keras.utils.set_random_seed(5)
    layers = [
        keras.Input(contract.shape),
        keras.layers.Rescaling(1 / 255),
        keras.layers.Conv2D(4, 3, activation="relu"),
        keras.layers.Flatten(),
        keras.layers.Dense(len(contract.labels), activation),
    ]
    return keras.Sequential(layers)
