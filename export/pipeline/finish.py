"""What is written once all verdicts are known: the page, the report, and which kits still hold."""

import shutil
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from export import manifest as manifests
from export.manifest import KITS, Manifest
from export.parity.results import Artifact
from export.pipeline import cache_keys
from export.pipeline.reference_model import ReferenceModel
from export.pipeline.stage_cache import StageCache
from export.report import build as report
from export.report import model_card
from export.report.model_card import Background
from export.report.sections import BENCH
from export.report.training_facts import training_facts
from export.site import build as site
from train.console.progress import stage
from train.console.say import warn


def finish_site(
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


def finish_report(
    artifacts: Sequence[Artifact],
    manifest: Manifest,
    reference: ReferenceModel,
    cache: StageCache,
    training: Path,
) -> Manifest:
    """Write the report and the model card, and all keys into the manifest.

    `training` is where `python -m train` leaves its notes.

    Where the report is reused, so is what later commands have added to it and to the manifest.
    """
    staged, names = cache.staged, [report.HTML, report.MARKDOWN, model_card.NAME, BENCH]
    targets = [artifact.target for artifact in artifacts]
    verdicts = [cache.keys[f"{target.name} parity"] for target in targets]
    kits_hold = cache.reuse("kits", [f"{KITS}/*"], cache_keys.kits(manifest, verdicts))
    report_holds = cache.reuse("report", names, cache_keys.report(manifest, targets, verdicts))
    if kits_hold and report_holds:
        manifest = replace(manifest, **cache.entries("targets", "kits"))
    else:
        _remove_kits(cache)
        evidence = reference.evidence
        with stage("writing the report"):
            report.write(cache.staged, manifest, artifacts, evidence)
            model_card.write(cache.staged, manifest, evidence, _background(reference, manifest, training))
    files = [asdict(manifests.record(staged / name, staged)) for name in names if (staged / name).exists()]
    return replace(manifest, reports=files, keys=cache.keys)


def _background(reference: ReferenceModel, manifest: Manifest, training: Path) -> Background:
    noted = manifest.training is not None
    facts = training_facts(training, reference.model.get_weights()) if noted else None
    return Background(facts, len(reference.dataset.train), *(reference.on_drawings or ()))


def _remove_kits(cache: StageCache) -> None:
    """Remove kits of other files, or those that the report no longer names; say how to write them again."""
    if (cache.staged / KITS).exists() or cache.had_kits:
        shutil.rmtree(cache.staged / KITS, ignore_errors=True)
        warn("the kits were made of other files and are removed: write them again with python -m export kit")
