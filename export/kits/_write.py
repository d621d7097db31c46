"""Write one kit: its sources from templates, its models, its golden files, and what was done with it."""

from __future__ import annotations

import shutil
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from export.errors import UnfitError
from export.kits._golden import write_golden
from export.kits._kit import Kit
from export.kits._model import KitModel
from export.kits._render import render_kit
from export.manifest import KITS, record_all
from export.report.model_card import NAME as MODEL_CARD
from train.drawing.preprocess import SPECK
from train.drawing.resize import BLUE, GREEN, RED


def write_kit(kit: Kit, model: KitModel, staged: Path) -> dict[str, Any]:
    """Write a kit into `kit/NAME/` of a staging folder, and do with it what this machine can.

    Returns:
        Its entry in the manifest.

    Raises:
        UnfitError: If the model has none of the kit's files.
        KitError: If the kit is found to be wrong.
    """
    model, refused = _without_refused(kit, model.only(kit.targets))
    if not model.variants:
        found = "; ".join(f"{file}: {reason}" for file, reason in refused.items()) or "none in the manifest"
        raise UnfitError(
            f"expected one of {', '.join(kit.targets)} for {kit.title}, found {found}: "
            "leave the kit out by naming the other platforms with --platform"
        )
    folder = staged / KITS / kit.name
    values = {"kit": kit, "model": model, "contract": model.contract, "variants": model.variants}
    values |= {"default": model.variants[0], "speck": SPECK, "grey": (RED, GREEN, BLUE)}
    values |= {"litert": version("ai-edge-litert"), "refused": refused, **kit.values(model)}
    render_kit(kit.name, values, folder, readme=False)
    (folder / kit.models).mkdir(parents=True, exist_ok=True)
    for variant in model.variants:
        shutil.copyfile(variant.path, folder / kit.models / variant.file)
    write_golden(model, folder / kit.golden)
    for place, content in kit.files(model).items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_bytes(content)
    if (model.out / MODEL_CARD).is_file():
        shutil.copyfile(model.out / MODEL_CARD, folder / MODEL_CARD)
    proof = kit.prove(folder, model)
    render_kit(kit.name, {**values, "proof": proof}, folder, readme=True)
    return {
        **{"name": kit.name, "title": kit.title, "variants": [variant.target for variant in model.variants]},
        **{"done": proof.done.value, "how": proof.how, "max_abs_diff": proof.max_abs_diff},
        "files": [asdict(file) for file in record_all(folder, staged)],
    }


def _without_refused(kit: Kit, model: KitModel) -> tuple[KitModel, dict[str, str]]:
    """A model with the files that a platform can run, and why it can't run the others, by file."""
    reasons = {variant.target: kit.refusal(model, variant) for variant in model.variants}
    refused = {variant.file: reason for variant in model.variants if (reason := reasons[variant.target])}
    return model.only([target for target, reason in reasons.items() if not reason]), refused
