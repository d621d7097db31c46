"""The flow, readable from top to bottom: model and data in, proven artifacts out."""

import filecmp
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from export import manifest as manifests
from export.errors import OutputError
from export.manifest import Manifest
from export.parity.prove import demand_parity
from export.parity.results import Artifact
from export.pipeline import cache_keys
from export.pipeline.build_artifacts import build_artifacts
from export.pipeline.reference_model import ReferenceModel
from export.pipeline.stage_cache import StageCache, read_earlier
from export.report import build as report
from export.report.sections import BENCH
from export.runtimes.node import install_packages
from export.site import build as site
from export.target import Target
from train.console.progress import stage
from train.data.dataset import file_sha256, locate_dataset
from train.model_file.load import check_file
from train.output.staging import move_in_place, staging

# What a run owns in the output folder, besides the model and the manifest.
OWNED = ["tfjs", "tflite", site.FOLDER, report.HTML, report.MARKDOWN, BENCH]


@dataclass(frozen=True, slots=True)
class Request:
    """The options of `export all`.

    Attributes:
        model: The model's file; None for `model.h5` in the output folder, trained first if it is missing.
        data: See `train.data.dataset.locate_dataset`.
        out: The output folder.
        targets: What to build.
        force: Do everything, whatever an earlier run has left.
    """

    model: Path | None
    data: str | None
    out: Path
    targets: Sequence[Target]
    force: bool = False


def export_all(request: Request) -> Manifest:
    """Build every target, prove each, and write artifacts, manifest, reports and the site.

    What an earlier run has made is reused where it is whole and was made from the same model, data, tools
    and code. Where that is everything, nothing is done, and stdout says so.

    Raises:
        ParityError: If an artifact is past its budget. Everything is written and reported first, but no site
            is built from that artifact.
        InkproofError: If it can't be done. The output folder is then as it was, but for a model that had to
            be trained: that is kept.
    """
    out = request.out
    with staging(out) as staged:
        _refuse_foreign_folder(out)
        path = request.model or out / "model.h5"
        untrained = request.model is None and not path.exists()
        if not untrained:
            check_file(path)
        earlier = None if request.force else read_earlier(out)
        data = locate_dataset(request.data, before=earlier.dataset["name"] if earlier else None)
        reference = ReferenceModel(path, data, staged)
        install_packages()
        if untrained:
            from train.learning.fit import fit
            from train.settings import Settings

            fit(reference.dataset, Settings(), out)
        kept = _keep_model(path, staged, out)
        versions = cache_keys.tool_versions()
        everywhere = [kept.name, file_sha256(kept), data.identity(), versions]
        cache = StageCache(out, staged, everywhere, earlier)
        artifacts = build_artifacts(request.targets, reference, cache)
        manifest = Manifest(
            **_describe(reference, kept, cache),
            versions=versions,
            targets=[manifests.target_entry(artifact) for artifact in artifacts],
            site=[],
        )
        manifest = _finish_site(artifacts, manifest, reference, cache)
        manifest = _finish_report(artifacts, manifest, reference, cache)
        manifest.write(staged)
        if not request.force and _is_in_place(staged, out, manifest):
            print(f"nothing to do: {out} is whole, and made from the same model, data, tools and code")
        else:
            model_moved = [kept.name] if kept.parent == staged else []
            move_in_place(staged, out, [*OWNED, *model_moved, manifests.NAME])
            report.print_table(artifacts, manifest.reference["accuracy"])
    demand_parity(artifacts, damaged=[])
    return manifest


def _refuse_foreign_folder(out: Path) -> None:
    """Replace only what an earlier run wrote: `--out .` in somebody's project has a `web/` of its own."""
    theirs = [name for name in OWNED if (out / name).exists()]
    if theirs and not (out / manifests.NAME).exists():
        raise OutputError(
            f"expected {out} to be new, empty or an earlier output, found {theirs[0]} without a "
            f"{manifests.NAME}: choose another folder with --out"
        )


def _keep_model(path: Path, staged: Path, out: Path) -> Path:
    """Where the reference model is, or will be once it is moved, in the output folder."""
    home = out / f"model{path.suffix.lower()}"
    if home.exists() and path.samefile(home):
        return home
    return Path(shutil.copyfile(path, staged / home.name))


def _describe(reference: ReferenceModel, kept: Path, cache: StageCache) -> dict[str, Any]:
    """The manifest's entries on the reference model and the data."""
    if cache.reuse("original", [], [cache_keys.code_of("export.pipeline.reference_model")]):
        return cache.entries("model", "contract", "dataset", "reference")
    return reference.entries(kept)


def _finish_site(
    artifacts: Sequence[Artifact], manifest: Manifest, reference: ReferenceModel, cache: StageCache
) -> Manifest:
    """Build the page around the proven models, or remove it where there is none that it could run."""
    folder = cache.staged / site.FOLDER
    chosen = site.models_for_page(artifacts)
    if not chosen or manifest.contract["channels"] not in site.CHANNELS:
        shutil.rmtree(folder, ignore_errors=True)
        return manifest
    facts = cache_keys.page_facts(
        manifest, [artifact.target for artifact in chosen], site.runtime_file(folder)
    )
    known = cache.reuse("page's facts", site.PATTERNS_OF_FACTS, facts)
    if not cache.reuse("page", [f"{site.FOLDER}/*"], [facts, cache_keys.page()]):
        if known:
            site.restore_facts(folder)
        else:
            evidence = reference.evidence  # by stages of its own, where it wasn't needed before
            with stage("running the page's models"):
                site.write_facts(folder, cache.staged, chosen, manifest, evidence)
        with stage("building the page"):
            site.build_page(folder)
    return replace(manifest, site=[asdict(file) for file in manifests.record_all(folder, cache.staged)])


def _finish_report(
    artifacts: Sequence[Artifact], manifest: Manifest, reference: ReferenceModel, cache: StageCache
) -> Manifest:
    """Write the report, and all keys into the manifest.

    Where the report is reused, so is what later commands have added to it and to the manifest.
    """
    staged, names = cache.staged, [report.HTML, report.MARKDOWN, BENCH]
    targets = [artifact.target for artifact in artifacts]
    verdicts = [cache.keys[f"{target.name} parity"] for target in targets]
    if cache.reuse("report", names, cache_keys.report(manifest, targets, verdicts)):
        manifest = replace(manifest, **cache.entries("targets"))
    else:
        evidence = reference.evidence
        with stage("writing the report"):
            report.write(cache.staged, manifest, artifacts, evidence)
    files = [asdict(manifests.record(staged / name, staged)) for name in names if (staged / name).exists()]
    return replace(manifest, reports=files, keys=cache.keys)


def _is_in_place(staged: Path, out: Path, manifest: Manifest) -> bool:
    """Whether the output folder already holds all that the manifest names, and this very manifest."""
    found = out / manifests.NAME
    same = found.is_file() and filecmp.cmp(staged / manifests.NAME, found, shallow=False)
    return same and not manifests.damaged_files(out, manifest)
