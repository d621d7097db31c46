"""The flow, readable from top to bottom: model and data in, proven artifacts out."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from export import manifest as manifests
from export import report, site
from export.drift import explained
from export.errors import OutputError
from export.manifest import Manifest
from export.model_file import check_file, load_model
from export.proof import demand_parity, gather_proofs, proof_pool, prove
from export.runtimes.node import install_packages
from export.source import Evidence, Source, check_fit, gather_evidence, open_source
from export.types import Artifact, Target
from train.contract import InputContract
from train.data import find_dataset
from train.output import move_in_place, staging
from train.progress import stage

# What a run owns in the output folder, besides the model and the manifest.
OWNED = ["tfjs", "tflite", site.FOLDER, report.HTML, report.MARKDOWN]


@dataclass(frozen=True, slots=True)
class Request:
    """What `export all` was asked for.

    Attributes:
        model: The model's file; None for `model.h5` in the output folder, trained first if it is missing.
        data: See `train.data.find_dataset`.
        out: The output folder.
        targets: What to build.
    """

    model: Path | None
    data: str | None
    out: Path
    targets: Sequence[Target]


def export_all(request: Request) -> Manifest:
    """Build every target, prove each, and write artifacts, manifest, reports and the site.

    Raises:
        ParityError: If an artifact is past its budget. Everything is written and reported first, but no site
            is built from that artifact.
        InkproofError: If it can't be done. The output folder is then as it was, but for a model that had to
            be trained: that is kept.
    """
    out = request.out
    path = request.model or out / "model.h5"
    untrained = request.model is None and not path.exists()
    if not untrained:
        check_file(path)
    _refuse_foreign_folder(out)
    with staging(out) as staged:
        with stage("reading the dataset"):
            dataset = find_dataset(request.data)
        with stage("installing the page's packages"):
            install_packages()
        if untrained:
            from train.fit import Settings, fit

            fit(dataset, Settings(), out)
        with stage("loading the model"):
            model = load_model(path)
            contract = InputContract.scaled_to(model.inputs[0].shape[1:], model.outputs[0].shape[1])
            check_fit(contract, dataset)
        with stage(f"asking the original about {len(dataset.test):,} test images"):
            evidence = gather_evidence(model, dataset)
            source = open_source(model, dataset, staged / "saved_model")
        artifacts = _build_and_prove(request.targets, source, evidence, staged)
        with stage("writing the site and the report"):
            kept = _keep_model(path, staged, out)
            manifest = Manifest(
                model=manifests.model_entry(kept, model, contract),
                contract=contract.to_json(),
                dataset=manifests.dataset_entry(dataset),
                reference=manifests.reference_entry(evidence.accuracy),
                versions=manifests.tool_versions(),
                targets=[manifests.target_entry(artifact) for artifact in artifacts],
                site=[],
            )
            manifest = _finish_site(staged, artifacts, manifest, evidence)
            report.write(staged, manifest, artifacts, evidence)
            manifest.write(staged)
        model_moved = [kept.name] if kept.parent == staged else []
        move_in_place(staged, out, [*OWNED, *model_moved, manifests.NAME])
    report.print_table(artifacts, evidence.accuracy)
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


def _build_and_prove(
    targets: Sequence[Target], source: Source, evidence: Evidence, staged: Path
) -> list[Artifact]:
    """Convert one target after the other, and prove those that are ready in the meantime."""
    page = staged / site.FOLDER
    page_runtime = page  # no target asks for it that isn't in the next list
    for_page = [target for target in targets if site.is_graph_model(target)]
    others = [target for target in targets if target not in for_page]
    with proof_pool() as pool:
        proofs = {}
        with stage(f"converting to {len(targets)} targets", total=len(targets)) as step:
            for target in for_page:
                target.convert(source, staged / target.path)
                step()
            if for_page:  # the page's runtime is cut to their operations, and proves them
                page_runtime = site.build_runtime(page, [staged / target.path for target in for_page])
            for target in for_page + others:
                if target in others:
                    target.convert(source, staged / target.path)
                    step()
                proof = pool.submit(prove, target, staged / target.path, evidence, page_runtime)
                proofs[proof] = target
        title = f"comparing them with the original on {len(evidence.images):,} images"
        with stage(title, total=len(targets)) as step:
            results = gather_proofs(proofs, step)
    return [
        Artifact(
            target,
            manifests.record_all(staged / target.path, staged),
            explained(results[target], staged / target.path, source.model, evidence.images),
        )
        for target in targets
    ]


def _keep_model(path: Path, staged: Path, out: Path) -> Path:
    """Where the original is, or will be once it is moved, in the output folder."""
    home = out / f"model{path.suffix.lower()}"
    if home.exists() and path.samefile(home):
        return home
    return Path(shutil.copyfile(path, staged / home.name))


def _finish_site(
    staged: Path, artifacts: Sequence[Artifact], manifest: Manifest, evidence: Evidence
) -> Manifest:
    """Build the page around the proven models, or take it away where there is none that it could run."""
    folder = staged / site.FOLDER
    chosen = site.models_for_page(artifacts)
    if not chosen or manifest.contract["channels"] != 1:  # people draw in one colour
        shutil.rmtree(folder, ignore_errors=True)
        return manifest
    site.furnish(folder, staged, chosen, manifest, evidence)
    return replace(manifest, site=[asdict(file) for file in manifests.record_all(folder, staged)])
