"""Read a proven model's files for its kits, and choose the golden pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from export.errors import KitError
from export.kits._examples import examples
from export.kits._model import KitModel, Tensor, Variant
from export.manifest import Manifest
from export.runtimes import litert
from export.runtimes.tflite_file import form_of
from export.targets import all_targets
from train.contract import InputContract
from train.data.splits import Split

COLOURS = (1, 3)  # channels that an app can make of a drawing or a picture
GOLDEN = 10  # pictures of the test split


def read_kit_model(out: Path, manifest: Manifest, test: Split) -> KitModel:
    """Read all that kits are written from.

    Args:
        out: The output folder; its files are whole.
        manifest: Its manifest.
        test: The test split that the model was compared on.

    Raises:
        KitError: If the model has no `.tflite`, or takes pictures of other than one or three channels.
        RunError: If LiteRT can't run a file.
    """
    contract = InputContract.from_json(manifest.contract)
    if contract.channels not in COLOURS:
        raise KitError(
            f"expected a model of grey or colour pictures for an app, found {contract.channels} channels: "
            "use its .tflite files without a kit"
        )
    variants = tuple(_variants(out, manifest))
    if not variants:
        raise KitError(
            "expected a .tflite for an app, found none in the manifest: build one with python -m export all"
        )
    images = _golden_pictures(test)
    outputs = {variant.target: litert.numbers(variant.path, images) for variant in variants}
    return KitModel(manifest, out, contract, variants, images, outputs, examples(contract))


def _variants(out: Path, manifest: Manifest) -> list[Variant]:
    paths = {target.name: target.path for target in all_targets() if target.path.endswith(".tflite")}
    found = []
    for entry in manifest.targets:
        if entry["name"] not in paths:
            continue
        (file,), parity = entry["files"], entry["parity"]
        path = out / file["path"]
        image, answer = (Tensor(**form) for form in form_of(path.read_bytes()))
        facts = entry["operations"], parity["accuracy"], parity["max_abs_diff"]
        found.append(Variant(entry["name"], path, file["bytes"], file["sha256"], image, answer, *facts))
    return found


def _golden_pictures(test: Split) -> NDArray[np.uint8]:
    """The first picture of each class, else evenly chosen ones; then a blank and a full one."""
    labels = np.asarray(test.labels)
    classes = labels.ndim == 1 and labels.dtype.kind in "iu"
    places = np.unique(labels, return_index=True)[1] if classes else np.empty(0, np.intp)
    if not 1 < len(places) <= GOLDEN:
        places = np.linspace(0, len(test) - 1, min(GOLDEN, len(test))).round().astype(np.intp)
    chosen = np.asarray(test.images[np.sort(places)], np.uint8)
    flat = np.stack([np.full(chosen.shape[1:], grey, np.uint8) for grey in (0, 255)])
    return np.concatenate([chosen, flat])
