"""Models for kits, read from one export: of drawings, and made over into others whose sources differ."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from export.kits._examples import examples
from export.kits._model import KitModel
from export.kits._read import read_kit_model
from export.manifest import read_manifest
from train.contract import InputContract
from train.data.dataset import Dataset

# What would end a text, a comment or a line, name a variable, or be filled in, if it weren't quoted.
NASTY = (
    'Rot "$x"',
    "Grün\\n",
    "Blau */ {{ 7 }}",
    "`${x}`",
    "'",
    "</script>",
    "\\u0041",
    "日本",
    "%s",
    "#{x}",
)


def drawings_of(built: Path, dataset: Dataset) -> KitModel:
    """The exported model."""
    return read_kit_model(built, read_manifest(built), dataset.test)


def pictures_of(model: KitModel, channels: int, task: str = "classes") -> KitModel:
    """The same as if it took pictures of another size and gave numbers for labels that are hard to quote.

    Its files remain those of drawings: what a kit is made of fits together, but nothing can be predicted.
    """
    contract = InputContract.scaled_to((12, 16, channels), len(NASTY))
    contract = replace(contract, labels=NASTY)
    images = np.random.default_rng(3).integers(0, 256, (len(model.images), *contract.shape), np.uint8)
    manifest = replace(model.manifest, model={**model.manifest.model, "task": task})
    return replace(model, manifest=manifest, contract=contract, images=images, examples=examples(contract))
