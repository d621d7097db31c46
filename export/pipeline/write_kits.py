"""Write kits for apps beside the artifacts that they are made of."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from export.errors import UnfitError
from export.kits._kit import Kit
from export.kits._read import read_kit_model
from export.kits._write import write_kit
from export.manifest import KITS, Manifest, damaged_files, demand_entries, demand_whole, read_manifest
from export.pipeline.check import demand_proven_dataset
from export.report import sections
from export.report.build import difference_text
from train.console.progress import stage
from train.console.say import warn
from train.data.dataset import locate_dataset
from train.data.splits import Split
from train.output.staging import staging

SECTION = "kits"


def write_kits(kits: Sequence[Kit], out: Path, data: str | None) -> list[dict[str, Any]]:
    """Write kits into `kit/`, replacing earlier ones of the same platforms, and add them to the reports.

    A platform that can run none of the model's files is left out, and named on stderr.

    Args:
        kits: Those to be written.
        out: The output folder.
        data: See `train.data.dataset.find_dataset`; it must be the dataset that the manifest names.

    Returns:
        The entries of all kits in the manifest.

    Raises:
        KitError: If the only kit can't be written for the model, or one is found to be wrong; nothing is
            then written.
        IntegrityError: If a file isn't the one in the manifest.
        InkproofError: If it can't be done.
    """
    with staging(out) as staged:
        manifest = read_manifest(out)
        sections.demand_place(out, SECTION)
        demand_entries(out, manifest)
        demand_whole(out, damaged_files(out, manifest))
        model = read_kit_model(out, manifest, _test_split(manifest, data))
        entries = {entry["name"]: entry for entry in manifest.kits}
        for name in entries.keys() - {kit.name for kit in kits}:
            shutil.copytree(out / KITS / name, staged / KITS / name)
        with stage(f"writing {len(kits)} kits", total=len(kits)) as step:
            for kit in kits:
                entries.pop(kit.name, None)
                try:
                    entries[kit.name] = write_kit(kit, model, staged)
                except UnfitError as error:
                    if len(kits) == 1:
                        raise
                    warn(str(error))
                step()
        found = [entries[name] for name in sorted(entries)]
        rows = [{**entry, "difference": difference_text(entry["max_abs_diff"])} for entry in found]
        published = replace(manifest, kits=found)
        sections.publish(out, staged, published, SECTION, {"kits": rows}, folders=[KITS])
    return found


def _test_split(manifest: Manifest, data: str | None) -> Split:
    height, width, channels = manifest.model["input_shape"]
    with stage("reading the dataset"):
        found = locate_dataset(data, before=manifest.dataset["name"])
        dataset = found.read((height, width, channels), len(manifest.model["labels"]))
    demand_proven_dataset(manifest, dataset)
    return dataset.test
