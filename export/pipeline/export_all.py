"""The flow, readable from top to bottom: model and data in, proven artifacts out."""

from __future__ import annotations

import filecmp
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from export import manifest as manifests
from export.errors import OutputError
from export.manifest import Manifest
from export.parity.layer_drift import explained
from export.parity.prove import demand_parity, gather_proofs, proof_pool, prove
from export.pipeline import cache_keys as keys
from export.pipeline.reference_model import Original
from export.pipeline.stage_cache import Ledger, read_earlier
from export.report import build as report
from export.report.sections import BENCH
from export.results import Artifact, FileRecord, ParityResult
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
    """What `export all` was asked for.

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

    What an earlier run has made is kept where it is whole and was made from the same model, data, tools and
    code. Where that is everything, nothing is done, and stdout says so.

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
        original = Original(path, data, staged)
        install_packages()
        if untrained:
            from train.learning.fit import fit
            from train.settings import Settings

            fit(original.dataset, Settings(), out)
        kept = _keep_model(path, staged, out)
        versions = keys.tool_versions()
        everywhere = [kept.name, file_sha256(kept), data.identity(), versions]
        ledger = Ledger(out, staged, everywhere, earlier)
        artifacts = _build_and_prove(request.targets, original, ledger, staged)
        manifest = Manifest(
            **_describe(original, kept, ledger),
            versions=versions,
            targets=[manifests.target_entry(artifact) for artifact in artifacts],
            site=[],
        )
        manifest = _finish_site(staged, artifacts, manifest, original, ledger)
        manifest = _finish_report(staged, artifacts, manifest, original, ledger)
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
    """Where the original is, or will be once it is moved, in the output folder."""
    home = out / f"model{path.suffix.lower()}"
    if home.exists() and path.samefile(home):
        return home
    return Path(shutil.copyfile(path, staged / home.name))


def _build_and_prove(
    targets: Sequence[Target], original: Original, ledger: Ledger, staged: Path
) -> list[Artifact]:
    """Convert one target after the other, and prove those that are ready in the meantime."""
    for_page = [target for target in targets if site.is_graph_model(target)]
    others = [target for target in targets if target not in for_page]
    stale = [t for t in targets if not ledger.keep(t.name, [t.path, f"{t.path}/*"], keys.conversion(t))]
    if stale:
        original.read_all()
    files: dict[Target, tuple[FileRecord, ...]] = {}
    proofs: dict[Future[ParityResult], Target] = {}
    results: dict[Target, ParityResult] = {}
    with proof_pool() as pool:

        def judge(target: Target, runtime: Path) -> None:
            """Take the verdict that was kept, or have one found while others are converted."""
            if ledger.keep(f"{target.name} parity", [], keys.proof(target, files[target], runtime)):
                results[target] = ledger.parity(target)
            else:
                proof = pool.submit(prove, target, staged / target.path, original.evidence, runtime)
                proofs[proof] = target

        with stage(f"converting to {len(stale)} targets", total=len(stale)) as step:
            # First those for phones: one of them takes longest to prove, and does so beside all the rest.
            for target in others:
                files[target] = _convert(target, stale, original, staged, step)
                judge(target, staged)  # none of them asks for the page's runtime
            for target in for_page:
                files[target] = _convert(target, stale, original, staged, step)
            # The page's runtime is cut to their operations, and proves them.
            runtime = _page_runtime(staged, for_page, files, ledger)
            for target in for_page:
                judge(target, runtime)
        title = f"comparing {len(proofs)} copies with the original"
        with stage(title, total=len(proofs)) as step:
            found = gather_proofs(proofs, step)
    for target, result in found.items():
        results[target] = explained(result, staged / target.path, original.model, original.evidence.images)
    return [Artifact(target, files[target], results[target]) for target in targets]


def _convert(
    target: Target, stale: Sequence[Target], original: Original, staged: Path, step: Callable[[], None]
) -> tuple[FileRecord, ...]:
    """Convert a target if what was kept of it is stale; return its files."""
    path = staged / target.path
    if target in stale:
        target.convert(original.source, path)
        step()
    return manifests.record_all(path, staged)


def _page_runtime(
    staged: Path, models: Sequence[Target], files: Mapping[Target, Sequence[FileRecord]], ledger: Ledger
) -> Path:
    """The page's runtime, bundled anew unless it was for these very models."""
    page = staged / site.FOLDER
    if not models:
        return page  # nobody asks for it
    content = [asdict(file) for target in models for file in files[target]]
    if not ledger.keep("runtime", [f"{site.FOLDER}/runtime-*.js"], [content, keys.page()]):
        return site.build_runtime(page, [staged / target.path for target in models])
    runtime = site.runtime_file(page)
    assert runtime is not None
    return runtime


def _describe(original: Original, kept: Path, ledger: Ledger) -> dict[str, Any]:
    """The manifest's entries on the original."""
    if ledger.keep("original", [], [keys.code_of("export.pipeline.reference_model", "export.manifest")]):
        return ledger.entries("model", "contract", "dataset", "reference")
    return original.entries(kept)


def _finish_site(
    staged: Path, artifacts: Sequence[Artifact], manifest: Manifest, original: Original, ledger: Ledger
) -> Manifest:
    """Build the page around the proven models, or take it away where there is none that it could run."""
    folder = staged / site.FOLDER
    chosen = site.models_for_page(artifacts)
    if not chosen or manifest.contract["channels"] != 1:  # people draw in one colour
        shutil.rmtree(folder, ignore_errors=True)
        return manifest
    facts = keys.page_facts(manifest, [artifact.target for artifact in chosen], site.runtime_file(folder))
    known = ledger.keep("page's facts", site.PATTERNS_OF_FACTS, facts)
    if not ledger.keep("page", [f"{site.FOLDER}/*"], [facts, keys.page()]):
        if known:
            site.take_up_facts(folder)
        else:
            evidence = original.evidence
            with stage("asking the page's models"):
                site.write_facts(folder, staged, chosen, manifest, evidence)
        with stage("building the page"):
            site.build_page(folder)
    return replace(manifest, site=[asdict(file) for file in manifests.record_all(folder, staged)])


def _finish_report(
    staged: Path, artifacts: Sequence[Artifact], manifest: Manifest, original: Original, ledger: Ledger
) -> Manifest:
    """Write the report, and all keys into the manifest.

    Where the report is kept, so is what later commands have added to it and to the manifest.
    """
    names = [report.HTML, report.MARKDOWN, BENCH]
    targets = [artifact.target for artifact in artifacts]
    verdicts = [ledger.keys[f"{target.name} parity"] for target in targets]
    if ledger.keep("report", names, keys.report(manifest, targets, verdicts)):
        manifest = replace(manifest, **ledger.entries("targets"))
    else:
        evidence = original.evidence
        with stage("writing the report"):
            report.write(staged, manifest, artifacts, evidence)
    files = [asdict(manifests.record(staged / name, staged)) for name in names if (staged / name).exists()]
    return replace(manifest, reports=files, keys=ledger.keys)


def _is_in_place(staged: Path, out: Path, manifest: Manifest) -> bool:
    """Whether the output folder already holds all that the manifest names, and this very manifest."""
    found = out / manifests.NAME
    same = found.is_file() and filecmp.cmp(staged / manifests.NAME, found, shallow=False)
    return same and not manifests.damaged_files(out, manifest)
