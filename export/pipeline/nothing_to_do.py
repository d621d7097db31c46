"""Whether a run has anything to do, found out without what only a run that does something needs.

That all was made from the same follows from one key over everything that any stage reads. Where it is another
one, the run looks at each stage for itself.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from export import manifest as manifests
from export.manifest import Manifest
from export.pipeline import cache_keys
from export.pipeline.reading import Reading
from export.pipeline.stage_cache import read_earlier
from train.console.say import say
from train.data import mnist
from train.input.checksum import sha256_or_empty
from train.output.staging import writing

MNIST = "mnist"
KEY = "run"  # among the keys of the stages
OF_REPORTS = ("jinja2", "pillow")


def is_done(
    model: Path | None, data: str | None, targets: Sequence[str], reading: Reading, out: Path
) -> bool:
    """Whether an output folder holds all that a run of these options would make, whole and proven.

    The run that asks has locked the folder.

    Args:
        model: The model's file; None for the one in the output folder.
        data: See `train.data.dataset.locate_dataset`.
        targets: Names of the targets; none for all.
        reading: How the model is to be understood.
        out: The output folder.

    Returns:
        False where it isn't so, and where only the run itself can tell.
    """
    model, found = model or out / "model.h5", _npz(data)
    if found is None or not (out / manifests.NAME).is_file():
        return False
    with writing(out):
        earlier = read_earlier(out)
        if earlier is None or not _proven(earlier):
            return False
        name = f"model{model.suffix.lower()}"
        files = sha256_or_empty(model), sha256_or_empty(found)
        key = key_of_run(name, found.name, data == MNIST, files, targets, reading)
        return key is not None and key == earlier.keys.get(KEY) and is_whole(out, earlier)


def say_so(out: Path) -> None:
    """Say that nothing was done."""
    say(f"nothing to do: {out} is whole, and made from the same model, data, tools and code")


def key_of_run(
    model: str, data: str, demanded: bool, files: Sequence[str], targets: Sequence[str], reading: Reading
) -> str | None:
    """The key of everything that a run reads; None where something of it isn't there.

    Args:
        model: Name of the model's file.
        data: Name of the data's file, wherever it lies.
        demanded: Whether the user asked for MNIST, so that no other data will do.
        files: SHA-256 of the model and of the data; empty where one can't be read.
        targets: Names of the targets; none for all.
        reading: How the model is to be understood.
    """
    if not all(files):
        return None
    try:
        tools = [cache_keys.tool_versions(), *map(version, OF_REPORTS)]
    except (PackageNotFoundError, OSError):
        return None
    options = [model, data, demanded, sorted(targets), asdict(reading)]
    return cache_keys.key_of([options, files, tools, cache_keys.code_of(files=cache_keys.EVERYTHING)])


def is_whole(out: Path, manifest: Manifest) -> bool:
    """Whether an output folder holds the files that a manifest names, and in their folders no others."""
    if manifest.training != training_files(out):
        return False
    return not (manifests.damaged_files(out, manifest) or manifests.unnamed_files(out, manifest))


def training_files(out: Path) -> list[dict[str, Any]] | None:
    """What `python -m train` has left in the output folder; None for another folder of that name."""
    folder = out / manifests.TRAINING
    if folder.is_symlink() or not (folder / "history.csv").is_file():
        return None
    return [asdict(file) for file in manifests.record_all(folder, out)]


def _proven(manifest: Manifest) -> bool:
    """Whether every target was built, and is within its budget."""
    return not manifest.unsupported and all(entry["parity"]["passed"] for entry in manifest.targets)


def _npz(data: str | None) -> Path | None:
    """The `.npz` that the data are read from; None where they are anything else, or aren't there."""
    home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    found = mnist.find_local(home) if data in (None, MNIST) else Path(data)
    return found if found and found.suffix == ".npz" and found.is_file() else None
