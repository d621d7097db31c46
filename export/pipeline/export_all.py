"""The flow, readable from top to bottom: model and data in, proven artifacts out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from export import manifest as manifests
from export.errors import OutputError, UnsupportedError
from export.manifest import KITS, Manifest
from export.parity.entries import target_entry
from export.parity.prove import demand_parity
from export.pipeline import cache_keys
from export.pipeline.build_artifacts import build_artifacts
from export.pipeline.finish import finish_report, finish_site
from export.pipeline.nothing_to_do import KEY, MNIST, is_whole, key_of_run, say_so, training_files
from export.pipeline.reading import Reading
from export.pipeline.reference_model import ReferenceModel
from export.pipeline.stage_cache import StageCache, read_earlier
from export.report import build as report
from export.report import model_card
from export.report.sections import BENCH
from export.runtimes.node import install_packages
from export.site import build as site
from export.target import Target
from export.targets import all_targets, demand_converter
from train.console.progress import stage
from train.data.dataset import Dataset, DatasetFile, locate_dataset
from train.data.from_arrays import ArrayData
from train.input.checksum import sha256_or_empty
from train.model_file.model_file import ModelFile
from train.output.staging import move_in_place, staging

if TYPE_CHECKING:
    import keras

# What a run owns in the output folder, besides the model and the manifest.
OWNED = ["tfjs", "tflite", site.FOLDER, KITS, report.HTML, report.MARKDOWN, model_card.NAME, BENCH]


@dataclass(frozen=True, slots=True)
class Request:
    """The options of `export all`.

    Attributes:
        model: The model, or its file; None for `model.h5` in the output folder, trained first if missing.
        data: Arrays; or see `train.data.dataset.locate_dataset`.
        out: The output folder.
        targets: What to build.
        force: Do everything, whatever an earlier run has left.
        reading: How the model is to be understood.
        skip_unsupported: Whether a target that lacks what the model needs is left out without an error.
        preset: Of the training, where there is no model yet; a key of `train.settings.PRESETS`.
    """

    model: keras.Model | Path | None
    data: ArrayData | str | None
    out: Path
    targets: Sequence[Target]
    force: bool = False
    reading: Reading = field(default_factory=Reading)
    skip_unsupported: bool = False
    preset: str = "default"


def export_all(request: Request) -> Manifest:
    """Build every target, prove each, and write artifacts, manifest, reports and the site.

    What an earlier run has made is reused where it is whole and was made from the same model, data, tools
    and code. Where that is everything, nothing is done, and stdout says so.

    Raises:
        ParityError: If an artifact is past its budget. Everything is written and reported first, but no site
            is built from that artifact.
        UnsupportedError: If a target lacks what the model needs. The others are written and reported first.
        InkproofError: If it can't be done. The output folder is then as it was, but for a model that had to
            be trained: that is kept.
    """
    out = request.out
    with staging(out) as staged:
        _refuse_foreign_folder(out)
        untrained = request.model is None and not (out / "model.h5").exists()
        model = None if untrained else _take(request.model or out / "model.h5", staged)
        earlier = None if request.force else read_earlier(out)
        data = _located(request.data, earlier)
        demand_converter()
        install_packages()
        dataset = _train(data, request.preset, out) if model is None else data
        model = model or _take(out / "model.h5", staged)
        reference = ReferenceModel(model, dataset, staged, request.reading)
        kept = _saved(model, staged)
        versions = cache_keys.tool_versions()
        identity = data.identity()
        everywhere = [kept.name, sha256_or_empty(kept), identity, versions, asdict(request.reading)]
        cache = StageCache(out, staged, everywhere, earlier)
        artifacts, unsupported = build_artifacts(request.targets, reference, cache)
        if not artifacts:
            raise _unsupported(unsupported)
        manifest = Manifest(
            **_describe(reference, kept, cache),
            versions=versions,
            targets=[target_entry(artifact) for artifact in artifacts],
            site=[],
            training=training_files(out),
            unsupported=[{"name": target.name, "reason": reason} for target, reason in unsupported.items()],
        )
        manifest = finish_site(artifacts, manifest, reference, cache)
        manifest = finish_report(artifacts, manifest, reference, cache, out / manifests.TRAINING)
        manifest = replace(manifest, keys=manifest.keys | _key_of(request, kept, data, identity))
        manifest.write(staged)
        if earlier and _stages(manifest) == _stages(earlier) and is_whole(out, earlier):
            if manifest.keys != earlier.keys:  # other code, that no stage is made of
                move_in_place(staged, out, [manifests.NAME])
            say_so(out)
        else:
            move_in_place(staged, out, [*OWNED, *_new_model(model, kept, out), manifests.NAME])
            report.print_table(artifacts, manifest.reference)
    demand_parity(artifacts, damaged=[])
    if unsupported and not request.skip_unsupported:
        raise _unsupported(unsupported)
    return manifest


def _located(data: ArrayData | str | None, earlier: Manifest | None) -> ArrayData | DatasetFile:
    if isinstance(data, ArrayData):
        return data
    return locate_dataset(data, before=earlier.dataset["name"] if earlier else None)


def _train(data: ArrayData | DatasetFile, preset: str, out: Path) -> Dataset:
    """Train the CNN of a preset on the data, which are returned."""
    from train.learning.fit import fit
    from train.settings import preset as settings_of

    with stage("reading the dataset"):
        dataset = data.read()
    fit(dataset, settings_of(preset, "cnn"), out)
    return dataset


def _unsupported(found: Mapping[Target, str]) -> UnsupportedError:
    reasons = "; ".join(f"{target.name}: {reason}" for target, reason in found.items())
    return UnsupportedError(
        f"expected a model that every target supports, found {len(found)} that don't: {reasons}; "
        "the others were built: leave these out with --skip-unsupported"
    )


def _refuse_foreign_folder(out: Path) -> None:
    """Replace only what an earlier run wrote: `--out .` in somebody's project has a `web/` of its own."""
    theirs = [name for name in OWNED if (out / name).exists()]
    if theirs and not (out / manifests.NAME).exists():
        raise OutputError(
            f"expected {out} to be new, empty or an earlier output, found {theirs[0]} without a "
            f"{manifests.NAME}: choose another folder with --out"
        )


def _take(model: keras.Model | Path, staged: Path) -> keras.Model | ModelFile:
    """The model, or a judged copy of its file: whoever replaces the file can't exchange what is proven."""
    return ModelFile.take(model, staged) if isinstance(model, Path) else model


def _saved(model: keras.Model | ModelFile, staged: Path) -> Path:
    """The file of the reference model that is kept beside what is made from it."""
    if isinstance(model, ModelFile):
        return model.path
    model.save(staged / "model.keras")
    return staged / "model.keras"


def _new_model(model: keras.Model | ModelFile, kept: Path, out: Path) -> list[str]:
    """The model's file, to be moved into the output folder; none where it was read there.

    Raises:
        OutputError: If it was read there and has been replaced since: the new one would be lost, or be taken
            for the one that was proven.
    """
    home = out / kept.name
    if not isinstance(model, ModelFile) or not (home.exists() and model.original.samefile(home)):
        return [kept.name]
    if sha256_or_empty(home) != sha256_or_empty(kept):
        raise OutputError(
            f"expected {home} to stay as it was while it was exported, found that it was replaced: "
            "run the command again"
        )
    return []


def _describe(reference: ReferenceModel, kept: Path, cache: StageCache) -> dict[str, Any]:
    """The manifest's entries on the reference model and the data."""
    if cache.reuse("original", [], [cache_keys.code_of("export.pipeline.reference_model")]):
        return cache.entries("model", "contract", "dataset", "reference")
    return reference.entries(kept)


def _key_of(
    request: Request, kept: Path, data: ArrayData | DatasetFile, identity: Mapping[str, str]
) -> dict[str, str]:
    """The key of the whole run; none for what `nothing_to_do.is_done` isn't asked about."""
    if isinstance(data, ArrayData) or not set(request.targets) <= set(all_targets()):
        return {}
    names = [] if len(request.targets) == len(all_targets()) else [target.name for target in request.targets]
    files = [sha256_or_empty(kept), identity.get("sha256", "")]
    key = key_of_run(kept.name, identity["name"], data.choice == MNIST, files, names, request.reading)
    return {KEY: key} if key else {}


def _stages(manifest: Manifest) -> dict[str, Any]:
    """A manifest as it is written, but for the key of the whole run."""
    values: dict[str, Any] = json.loads(json.dumps(asdict(manifest)))
    values["keys"].pop(KEY, None)
    return values
